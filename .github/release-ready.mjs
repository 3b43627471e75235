// Says what is missing before a tag can be published, and fails if anything is.
import { readFileSync } from 'node:fs';

const { GITHUB_REF_NAME: tag, GITHUB_REPOSITORY: here } = process.env;
const { version, repository } = JSON.parse(readFileSync('package.json', 'utf8'));
const changelog = readFileSync('CHANGELOG.md', 'utf8');
const heading = changelog.split('\n').find((line) => line.startsWith(`## [${version}]`)) ?? '';

const missing = [
  tag === `v${version}` ||
    `The tag is ${tag}, and the version in package.json is ${version}: they have to be the same.`,
  /\d{4}-\d{2}-\d{2}$/.test(heading) || `CHANGELOG.md has no heading for ${version} with the day of its release.`,
  (here !== undefined && repository?.url?.includes(`/${here}`)) ||
    `package.json has no repository that is ${here}: npm checks the provenance against it.`,
].filter((each) => each !== true);

for (const each of missing) console.error(each);
process.exitCode = missing.length > 0 ? 1 : 0;
