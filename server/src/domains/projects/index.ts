/** Projects (Pinpoint's applications), their settings, and tags: what other rooms may use. */
export { formatArn, parseArn, type ResourceName } from './arn.ts';
export { findResourceTags, forgetProject, ProjectLookup } from './find-project.ts';
export { type ProjectDeletedHandler, projectOperations } from './operations.ts';
export { projectsPersonalData } from './personal-data.ts';
export {
  changeTags,
  deleteTags,
  emptyProject,
  findProjectNames,
  findProjectNumbers,
  findProjects,
  findTags,
  findTagsOf,
  hideProjects,
  listAllProjects,
  type ProjectName,
  removeProject,
  removeProjects,
  showProjects,
} from './store.ts';
export { checkTags, type Tags } from './tag-rules.ts';
export { type TaggableKind, taggableProjects, tagOperations } from './tagging.ts';
