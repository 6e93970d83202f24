#include "pipeline/service_dockerfile.h"

#include "base/error.h"
#include "base/file.h"
#include "document/refuse.h"
#include "images/instruction.h"
#include "pipeline/build_order.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::pipeline {
namespace {

namespace fs = std::filesystem;

void check_context(const compose::Service& service) {
  const std::string context = service.build->context.string();
  if (context.find("://") != std::string::npos || context.starts_with("git@") ||
      context.starts_with(service_scheme)) {
    refuse_build(service, fmt::format("takes its context from '{}', which is no folder", context),
                 "fetch it, and name the folder: build: {context: FOLDER}");
  }
  if (!base::is_folder(context)) {
    refuse_build(service, fmt::format("takes its context from '{}', which is no folder", context),
                 "make the folder, or mend the path");
  }
}

void check_mounts(const ServiceDockerfile& file, const compose::Service& service, engine::Flavor flavor) {
  if (service.build->ssh && !file.use.ssh.empty()) {
    refuse_build(service,
                 fmt::format("mounts an ssh agent (line {} of '{}'), which is handed on to no build",
                             file.use.ssh[0].line, file.shown),
                 "fetch before the build, and copy from the context");
  }
  if (flavor == engine::Flavor::docker && !file.use.secrets.empty()) {
    refuse_build(
        service,
        fmt::format(
            "mounts the secret '{}' (line {} of '{}'), and Docker's builder has none without BuildKit",
            file.use.secrets[0].name, file.use.secrets[0].line, file.shown),
        "build with Podman (--engine), or fetch before the build and copy from the context");
  }
}

}  // namespace

void refuse_build(const compose::Service& service, const std::string& what, const std::string& remedy) {
  document::refuse(service.build->place, fmt::format("the build of service '{}' {}", service.name, what),
                   remedy);
}

ServiceDockerfile service_dockerfile(const compose::Service& service,
                                     const std::map<std::string, std::string>& arguments,
                                     engine::Flavor flavor) {
  const compose::Build& build = *service.build;
  check_context(service);
  ServiceDockerfile file;
  if (!build.dockerfile_inline.empty()) {
    file = {.shown = "dockerfile_inline",
            .path = own_dockerfile,
            .text = build.dockerfile_inline,
            .is_ours = true,
            .use = {}};
  } else {
    const auto path =
        (build.context / (build.dockerfile.empty() ? "Dockerfile" : build.dockerfile)).lexically_normal();
    const auto below = path.lexically_relative(build.context.lexically_normal());
    const auto text = base::read_file_if_exists(path);
    if (!text) {
      refuse_build(service, fmt::format("needs '{}', which does not exist", path.string()),
                   "write it, or name another one with 'dockerfile'");
    }
    file = {.shown = path.string(), .path = below.generic_string(), .text = *text, .use = {}};
    if (below.empty() || *below.begin() == "..") {
      file.path = own_dockerfile;
      file.is_ours = true;
    }
  }
  file.use = images::dockerfile_use(file.text, arguments);
  check_mounts(file, service, flavor);
  return file;
}

void add_stage(ServiceDockerfile& file, const compose::Service& service, const std::string& name,
               const std::string& image) {
  const bool is_stage_name =
      !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == std::string::npos;
  if (!is_stage_name) {
    refuse_build(
        service,
        fmt::format("gives the name '{}' to a context, which no stage of a Dockerfile can have", name),
        "write another name, of a-z, 0-9, '-', '_' and '.', in 'additional_contexts' and in the Dockerfile");
  }
  const auto all = images::instructions(file.text);
  const auto first =
      std::find_if(all.begin(), all.end(), [](const auto& one) { return one.words[0] == "FROM"; });
  if (first == all.end()) {
    return;
  }
  std::size_t at = 0;
  for (int line = 1; line < first->line; ++line) {
    at = file.text.find('\n', at) + 1;
  }
  file.text.insert(at, fmt::format("FROM {} AS {}\n", image, name));
  file.path = own_dockerfile;
  file.is_ours = true;
}

}  // namespace fresh::pipeline
