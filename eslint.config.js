export { rules as default } from '@engawa/config/eslint';
