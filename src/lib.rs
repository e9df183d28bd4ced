//! SupportChat: a support chat for any website. This file is the map; it holds no logic.
