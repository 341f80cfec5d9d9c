/** Recommenders: what other rooms may use. */
export { recommenderOperations } from './operations.ts';
export { recommendersPersonalData } from './personal-data.ts';
export { type Recommendation, type RecommendationFailure, type RecommendRequest, recommend } from './recommend.ts';
export { findRecommender, type RecommenderConfiguration, type RecommenderScope } from './store.ts';
export type { RecommendedAttributes } from './transformer.ts';
