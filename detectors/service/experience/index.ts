/** The customer-experience index: how a day was for one customer, from fixed points and weights. */
export { experienceKpis } from './catalogue.ts';
export { type Experience, type ExperiencePart, experienceOf, hourIndexOf, type Reading } from './experience-of.ts';
export { type ExperienceKpi, type ExperienceService, services } from './kpi.ts';
export { type ExperienceModel, type ExperienceProblem, experienceModel } from './model.ts';
