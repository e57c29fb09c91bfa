export { CatalogPage } from './CatalogPage.tsx';
export { VolumePage } from './VolumePage.tsx';
