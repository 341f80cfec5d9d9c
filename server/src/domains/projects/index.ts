/** Projects (Pinpoint's applications), their settings, and tags: what other rooms may use. */
export { formatArn, parseArn, type ResourceName } from './arn.ts';
export { findResourceTags, ProjectLookup } from './find-project.ts';
export { projectOperations } from './operations.ts';
export { projectsPersonalData } from './personal-data.ts';
export {
  changeTags,
  deleteTags,
  findProjectNames,
  findProjectNumbers,
  findProjects,
  findTags,
  findTagsOf,
  type ProjectName,
} from './store.ts';
export { checkTags, type Tags } from './tag-rules.ts';
export { type TaggableKind, taggableProjects, tagOperations } from './tagging.ts';
