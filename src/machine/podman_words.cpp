#include "machine/podman_words.h"

#include "base/error.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

namespace fresh::machine {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> remedies{{
    {"as root", "run fresh-clone as an ordinary user, or set machine.provider to native"},
    {"\"qemu-system", "install the packages qemu-system-x86 and qemu-utils"},
    {"\"qemu-img\"", "install the package qemu-utils"},
    {"gvproxy", "install gvproxy (gvisor-tap-vsock) into podman's helper_binaries_dir"},
    {"new disk size must be larger", "raise machine.disk_gb; a machine's disk can only grow"},
    {"VM already exists", "remove the half-made machine with 'podman machine rm -f' and run again"},
    {"/dev/kvm", "give this user access to /dev/kvm"},
    {"no space left", "free disk space for the machine's image"},
}};

}  // namespace

base::CommandResult ask_podman(const PodmanCommand& podman, const std::vector<std::string>& arguments,
                               base::Milliseconds deadline, const std::stop_token& stop) {
  base::Command command{.argv = podman.words, .environment = podman.environment, .deadline = deadline};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  return base::run_command(command, stop);
}

std::string known_remedy(std::string_view podman_says) {
  for (const auto& [words, remedy] : remedies) {
    if (podman_says.find(words) != std::string_view::npos) {
      return std::string(remedy);
    }
  }
  return {};
}

std::string last_words(std::string_view text) {
  constexpr std::string_view prefix = "Error: ";
  const auto end = text.find_last_not_of(" \r\n");
  if (end == std::string_view::npos) {
    return {};
  }
  text = text.substr(0, end + 1);
  text = text.substr(text.rfind('\n') + 1);
  return std::string(text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : text);
}

void refuse_result(const std::vector<std::string>& arguments, const base::CommandResult& result) {
  const std::string words = result.timed_out ? "it did not end in time" : last_words(result.err + result.out);
  throw base::Error(base::ExitCode::machine,
                    fmt::format("'podman {}' failed with {}: {}", fmt::join(arguments, " "), result.exit_code,
                                words.empty() ? "it said nothing" : words),
                    known_remedy(result.err));
}

}  // namespace fresh::machine
