const { dest, parallel, src, watch } = require('gulp');

/** The folder to build into; `npm run dev` sets another one. */
const { DIST = 'dist' } = process.env;

const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest(`${DIST}/icons`));
/** The codex, and the fields of the output that n8n shows before the first run. */
const data = () => src('nodes/**/*.json').pipe(dest(`${DIST}/nodes`));

exports.default = parallel(icons, data);
exports.watch = () => watch(['icons/*.svg', 'nodes/**/*.json'], exports.default);
