import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './design/tokens.css';
import './design/reset.css';
import './design/components.css';
import './app/shell.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { preferences } from './app/preferences.ts';

preferences.show();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
