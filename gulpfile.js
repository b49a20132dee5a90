const { dest, parallel, src, watch } = require('gulp');

/** The folder to build into; `npm run dev` sets another one. */
const { DIST = 'dist' } = process.env;

const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest(`${DIST}/icons`));
const codex = () => src('nodes/**/*.node.json').pipe(dest(`${DIST}/nodes`));

exports.default = parallel(icons, codex);
exports.watch = () => watch(['icons/*.svg', 'nodes/**/*.node.json'], exports.default);
