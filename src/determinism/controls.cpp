#include "determinism/controls.h"

#include <fmt/format.h>

namespace fresh::determinism {

std::map<std::string, std::string> portable_controls(const ControlsRequest& request) {
  std::map<std::string, std::string> controls{
      {"COLUMNS", "80"},
      {"DEMO_SEED", std::to_string(request.seed)},
      {"FRESH_CLONE_SEED", std::to_string(request.seed)},
      {"HOME", control_home},
      {"LANG", "C.UTF-8"},
      {"LC_ALL", "C.UTF-8"},
      {"LINES", "24"},
      {"MATPLOTLIBRC", control_matplotlibrc},
      {"MKL_NUM_THREADS", "1"},
      {"NO_COLOR", "1"},
      {"NUMEXPR_NUM_THREADS", "1"},
      {"OMP_NUM_THREADS", "1"},
      {"OPENBLAS_NUM_THREADS", "1"},
      {"PYTHONDONTWRITEBYTECODE", "1"},
      {"PYTHONHASHSEED", "0"},
      {"PYTHONNOUSERSITE", "1"},
      {"PYTHONUTF8", "1"},
      {"SOURCE_DATE_EPOCH", std::to_string(request.commit_time)},
      {"TERM", "dumb"},
      {"TZ", "UTC"},
      {"USER", "fresh"},
      {"VECLIB_MAXIMUM_THREADS", "1"},
  };
  if (request.architecture == "amd64" || request.architecture == "x86_64") {
    controls["OPENBLAS_CORETYPE"] = "Haswell";
    controls["MKL_CBWR"] = "AVX2";
    // The names changed over the versions of numpy; each ignores those it does not know (tried with 1.26
    // and 2.4).
    controls["NPY_DISABLE_CPU_FEATURES"] =
        "AVX512F AVX512CD AVX512_KNL AVX512_KNM AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR "
        "X86_V4";
  }
  return controls;
}

std::string matplotlibrc(const std::string& project) {
  return fmt::format("svg.hashsalt: {}\n", project);
}

}  // namespace fresh::determinism
