#include "cli/refused_flags.h"

#include <array>
#include <string_view>

namespace fresh::cli {
namespace {

struct RefusedFlag {
  std::string_view verb;  ///< empty: any
  std::string_view flag;
  std::string_view why;
};

constexpr std::string_view always_whole =
    "the model is always checked, normalised and its paths resolved; --no-interpolate shows it as written";

constexpr std::array refused{
    RefusedFlag{"", "--dry-run",
                "'fresh-clone plan' says what 'up' would do; other commands have no dry run"},
    RefusedFlag{"", "--ansi", "colours are for terminals alone; NO_COLOR=1 turns them off"},
    RefusedFlag{"", "--compatibility", "containers have the names of docker compose 2, with '-', always"},
    RefusedFlag{"", "--parallel", "leave it out: what is ready starts at once"},
    RefusedFlag{"up", "--watch", "nothing watches files here: 'up' again makes anew what changed"},
    RefusedFlag{"up", "-w", "nothing watches files here: 'up' again makes anew what changed"},
    RefusedFlag{"build", "--builder", "leave it out: the engine that is used builds"},
    RefusedFlag{"build", "--memory", "leave it out: a build has no limit of its own"},
    RefusedFlag{"build", "-m", "leave it out: a build has no limit of its own"},
    RefusedFlag{"build", "--ssh", "a build gets no SSH agent: put what it needs into its context"},
    RefusedFlag{"attach", "--detach-keys", "leave it out: Ctrl-P Ctrl-Q detaches"},
    RefusedFlag{"attach", "--sig-proxy",
                "signals are not passed on: 'fresh-clone kill -s SIGNAL SERVICE' does"},
    RefusedFlag{"config", "--no-consistency", always_whole},
    RefusedFlag{"config", "--no-normalize", always_whole},
    RefusedFlag{"config", "--no-path-resolution", always_whole},
    RefusedFlag{"config", "--resolve-image-digests",
                "no registry is asked here; 'fresh-clone images' shows the ids that are used"},
};

}  // namespace

std::string why_refused(const std::string& verb, const std::vector<std::string>& words) {
  for (const auto& word : words) {
    const std::string flag = word.substr(0, word.find('='));
    for (const auto& one : refused) {
      if (one.flag == flag && (one.verb.empty() || one.verb == verb)) {
        return std::string(one.why);
      }
    }
  }
  return {};
}

}  // namespace fresh::cli
