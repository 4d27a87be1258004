import { describeLooks } from './looks.ts';
import { PHONE } from './support.ts';

describeLooks('phone', PHONE);
