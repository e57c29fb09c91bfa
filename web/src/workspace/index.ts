export { BrowsePage } from './BrowsePage.tsx';
export { SharedPage } from './SharedPage.tsx';
export { TrashPage } from './TrashPage.tsx';
