export { findAmong, findIn, type FindStruct, type Struct } from './find.ts';
export { spotFinder, throughNeighbours, type Spot } from './spot.ts';
export { firstFault } from './fault.ts';
