/** Where the console begins. */
import { render } from 'preact';
import { askWho } from './api/client.ts';
import { listenToHandles } from './components/value-menu.tsx';
import { App } from './frame/app.tsx';
import { listenToKeys } from './state/keyboard.ts';
import { listen } from './state/location.ts';
import { listenToPreferences } from './state/preferences.ts';
import './styles/index.css';

listenToPreferences();
listenToHandles();
listen();
listenToKeys();
void askWho();
const root = document.getElementById('console');
if (root !== null) render(<App />, root);
