import { install, tool } from './steps.mjs';

install();
tool('typescript/bin/tsc', '--noEmit');
tool('@biomejs/biome/bin/biome', 'check', '.');
tool('vitest/vitest.mjs', 'run');
