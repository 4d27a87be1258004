import { describeLooks } from './looks.ts';
import { DESKTOP } from './support.ts';

describeLooks('desktop', DESKTOP);
