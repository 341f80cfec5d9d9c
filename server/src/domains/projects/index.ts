/** Projects (Pinpoint's applications), their settings, and tags: what other rooms may use. */
export { formatArn, parseArn, type ResourceName } from './arn.ts';
export { findResourceTags, forgetProject, ProjectLookup } from './find-project.ts';
export { type ProjectDeletedHandler, projectOperations } from './operations.ts';
export { projectsPersonalData } from './personal-data.ts';
export { checkTimeOfDay, type Settings } from './settings-rules.ts';
export {
  changeTags,
  deleteTags,
  emptyProject,
  findProjectNames,
  findProjectNumbers,
  findProjects,
  findSettings,
  findTags,
  findTagsOf,
  hideProjects,
  holdProject,
  listAllProjects,
  markDeleted,
  type ProjectName,
  removeProject,
  removeProjects,
  showProjects,
} from './store.ts';
export { checkTags, type Tags } from './tag-rules.ts';
export { type TaggableKind, taggableProjects, tagOperations } from './tagging.ts';
