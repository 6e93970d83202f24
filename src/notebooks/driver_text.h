#pragma once

#include <map>
#include <string>
#include <string_view>

namespace fresh::notebooks {

/// The files of the program that runs one notebook inside a container (src/notebooks/driver), as they were at
/// build time: name -> text. `run_notebook.py` is the one to start.
std::map<std::string, std::string_view> driver_files();

}  // namespace fresh::notebooks
