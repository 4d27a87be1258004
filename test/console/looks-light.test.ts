import { describeLooks } from './looks.ts';

describeLooks('light');
