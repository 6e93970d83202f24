#pragma once

#include <string>
#include <string_view>

namespace fresh::cli {

/// The page docs/commands/<verb>.md as it was when the program was built, or empty.
std::string_view help_page(std::string_view verb);

/// The sections `Examples` and `Exit status` of a page, for the foot of --help.
std::string help_footer(std::string_view verb);

}  // namespace fresh::cli
