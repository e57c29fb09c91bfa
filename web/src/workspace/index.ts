export { BrowsePage } from './BrowsePage.tsx';
export { TrashPage } from './TrashPage.tsx';
