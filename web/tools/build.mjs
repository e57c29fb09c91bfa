import { install, run, tool } from './steps.mjs';

install();
tool('vite/bin/vite.js', 'build', '--logLevel', 'warn');
run(process.execPath, 'tools/sizes.mjs');
