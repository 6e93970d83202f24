#pragma once

#include <filesystem>

namespace fresh::state {

/// Makes the state folder of a project (<project>/.fresh-clone) with a .gitignore that hides all of it, so
/// that using the tool never makes a work tree dirty. Throws base::Error (precheck).
void make_state_folder(const std::filesystem::path& folder);

}  // namespace fresh::state
