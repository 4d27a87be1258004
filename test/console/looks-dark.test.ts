import { describeLooks } from './looks.ts';

describeLooks('dark');
