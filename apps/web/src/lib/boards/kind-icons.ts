import type { Kind } from '@engawa/board';
import {
  ConnectorIcon,
  DiamondIcon,
  EllipseIcon,
  FrameIcon,
  HexagonIcon,
  ImageIcon,
  MarkerIcon,
  NoteIcon,
  PiecesIcon,
  RectIcon,
  TextIcon,
  TriangleIcon,
} from '@engawa/ui/icons';

const ICONS = {
  note: NoteIcon,
  text: TextIcon,
  rect: RectIcon,
  ellipse: EllipseIcon,
  diamond: DiamondIcon,
  triangle: TriangleIcon,
  hexagon: HexagonIcon,
  pen: MarkerIcon,
  connector: ConnectorIcon,
  image: ImageIcon,
  frame: FrameIcon,
  group: PiecesIcon,
} satisfies Record<Kind, unknown>;

export const kindIcon = (kind: Kind) => ICONS[kind];
