import { serveSite } from './site/server';
void serveSite('/tmp/site-a', { port: 8192, isolated: false });
