export { default as Avatar } from './Avatar.svelte';
export { default as AvatarGroup } from './AvatarGroup.svelte';
export { default as Badge } from './Badge.svelte';
export { default as Banner } from './Banner.svelte';
export { default as Breadcrumb } from './Breadcrumb.svelte';
export { default as Button } from './Button.svelte';
export { default as CheckField } from './CheckField.svelte';
export { default as Combobox } from './Combobox.svelte';
export { default as DateField } from './DateField.svelte';
export { default as Dialog } from './Dialog.svelte';
export { default as EmptyState } from './EmptyState.svelte';
export { default as Field } from './Field.svelte';
export { default as IconButton } from './IconButton.svelte';
export { default as Kbd } from './Kbd.svelte';
export { default as List } from './List.svelte';
export { default as ListRow } from './ListRow.svelte';
export { default as Menu } from './Menu.svelte';
export { default as PasswordField } from './PasswordField.svelte';
export { default as Popover } from './Popover.svelte';
export { default as Section } from './Section.svelte';
export { default as SelectField } from './SelectField.svelte';
export { default as Skeleton } from './Skeleton.svelte';
export { default as Spinner } from './Spinner.svelte';
export { default as TextArea } from './TextArea.svelte';
export { default as TextField } from './TextField.svelte';
export { default as Toaster } from './Toaster.svelte';
export { default as Tooltip } from './Tooltip.svelte';
export { default as Tree } from './Tree.svelte';
export { hueOf, initial } from './avatar.ts';
export type { MenuItem } from './menu.ts';
export { closeToast, toast, type Toast } from './toasts.svelte.ts';
export {
  ancestors,
  stepFrom,
  typeahead,
  visibleRows,
  type TreeNode,
  type TreePlace,
  type TreeRow,
} from './tree-rows.ts';
