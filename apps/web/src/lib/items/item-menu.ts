import { itemPath, type ItemRow } from '@engawa/schema';
import type { MenuItem } from '@engawa/ui';
import {
  DownloadIcon,
  FolderPlusIcon,
  MoveIcon,
  NewDocIcon,
  PenIcon,
  ShareIcon,
  TrashIcon,
} from '@engawa/ui/icons';
import { starLine } from '#lib/marks/star.ts';
import { m } from '#lib/paraglide/messages.js';

export interface ItemDeeds {
  rename?: () => void;
  move: () => void;
  share: () => void;
  trash: () => void;
  addDoc?: () => void;
  addFolder?: () => void;
  /** The row of a tree knows the keys as well. */
  inTree?: true;
}

/** The menu of an item: only what the caller may do with it. */
export function itemMenu(row: ItemRow, deeds: ItemDeeds): MenuItem[] {
  const { can } = row;
  const lines: (MenuItem | false | undefined)[] = [
    can.edit && deeds.addDoc && { label: m.new_doc(), icon: NewDocIcon, onselect: deeds.addDoc },
    can.edit && deeds.addFolder && { label: m.new_folder(), icon: FolderPlusIcon, onselect: deeds.addFolder },
    can.edit &&
      deeds.rename && {
        label: m.rename(),
        icon: PenIcon,
        ...(deeds.inTree && { note: 'F2' }),
        onselect: deeds.rename,
      },
    can.edit && { label: m.move(), icon: MoveIcon, onselect: deeds.move },
    can.view && { label: m.share(), icon: ShareIcon, onselect: deeds.share },
    starLine({ id: row.id, name: row.title }),
    row.kind === 'doc' &&
      can.download && {
        label: m.doc_export(),
        icon: DownloadIcon,
        href: `${itemPath(row)}/markdown`,
      },
    row.kind === 'file' &&
      can.download && {
        label: m.download(),
        icon: DownloadIcon,
        download: true,
        href: `/files/${row.id}/content?download`,
      },
    row.kind === 'folder' &&
      can.download && {
        label: m.download_zip(),
        icon: DownloadIcon,
        download: true,
        href: `/files/zip?folder=${row.id}`,
      },
    can.delete && { label: m.to_trash(), icon: TrashIcon, danger: true, apart: true, onselect: deeds.trash },
  ];
  return lines.filter((line): line is MenuItem => Boolean(line));
}
