#include "pipeline/service_build.h"

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/step_scope.h"
#include "compose/request.h"
#include "engine/labels.h"
#include "images/log_tail.h"
#include "images/workbench.h"
#include "pipeline/build_order.h"
#include "pipeline/service_dockerfile.h"
#include "pipeline/stack_images.h"
#include "source/build_context.h"

#include <fmt/core.h>

#include <algorithm>

namespace fresh::pipeline {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ExitCode;
using images::look_deadline;
using images::work_deadline;

constexpr std::string_view image_scheme = "docker-image://";

void write_context(const source::ContextRequest& request, const fs::path& archive) {
  source::OutputFile file(archive);
  source::write_build_context(request, [&](std::string_view bytes) { file.write(bytes); });
  file.close();
}

/// A build under way: the folder for what is sent, and images that only it needs.
class Work {
 public:
  Work(const compose::Project& stack, const compose::Service& service, const ServiceBuildOptions& options,
       engine::Engine& engine)
      : stack_(stack), service_(service), spec_(*service.build), options_(options), engine_(engine) {}
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  ~Work() {
    for (const auto& image : borrowed_) {
      try {
        engine_.remove_image(image, true, call(look_deadline));
      } catch (const base::Error&) {
        // It has no name, so whoever prunes the engine takes it.
      }
    }
  }

  engine::ImageId run() {
    base::StepScope step(options_.sink, options_.clock, subject(), "building");
    prepare();
    const auto id = build();
    step.finish("built", id.hex.substr(0, 12));
    return id;
  }

  images::ImageRecord provide() {
    base::StepScope step(options_.sink, options_.clock, subject(), "building");
    prepare();
    pull_bases();
    const auto bases = base_images();
    const std::string key = inputs_key(bases);
    auto image = images::find_made(engine_, service_.image, key, call(look_deadline));
    const bool unchanged = image.has_value();
    if (!unchanged) {
      request_.labels[engine::labels::tool] = "fresh-clone";
      request_.labels[engine::labels::project] = stack_.name;
      request_.labels[engine::labels::inputs] = key;
      request_.cache = false;
      // What makes an id the same twice loses health checks (OCI image format).
      const bool is_checked = file_.use.has_healthcheck ||
                              std::any_of(bases.begin(), bases.end(),
                                          [](const auto& base) { return base.second.has_healthcheck; });
      request_.timestamp = is_checked ? std::nullopt : std::optional<std::int64_t>(0);
      const auto id = build();
      image = engine_.find_image(service_.image, call(look_deadline));
      if (!image || image->id != id) {
        throw Error(
            ExitCode::deploy,
            fmt::format("the engine does not show the image that was just made: '{}'", service_.image),
            "look for another program that uses the same image names");
      }
    }
    auto record = images::record_of(service_.image, *image, "built");
    record.inputs_key = key;
    step.finish(unchanged ? "unchanged" : "ok", record.id.substr(0, 12));
    return record;
  }

 private:
  std::string subject() const { return images::subject_of(service_.image); }
  engine::Call call(base::Milliseconds deadline) const {
    return {.deadline = deadline, .stop = options_.stop};
  }

  std::string platform() const {
    if (!service_.platform.empty()) {
      return service_.platform;
    }
    return spec_.platforms.size() == 1 ? spec_.platforms.front() : std::string();
  }

  void prepare() {
    request_ = asked();
    file_ = service_dockerfile(service_, request_.arguments, engine_.version().flavor);
    // What the Dockerfile says counts, not the stages of ours that it will get.
    written_ = file_.text;
    add_contexts();
  }

  engine::ImageId build() {
    images::LogTail tail([&](std::string_view line) {
      options_.sink({.type = base::event_type::log_line, .subject = subject(), .text = std::string(line)});
    });
    send();
    try {
      const auto id = engine_.build(
          request_, [&](std::string_view line) { tail.line(line); }, call(work_deadline));
      check_platform(id);
      return id;
    } catch (const engine::EngineError& error) {
      throw Error(error.is_lost() ? error.code() : ExitCode::deploy,
                  fmt::format("{}: the image '{}' of service '{}' was not built: {}\n{}", spec_.place.text(),
                              service_.image, service_.name, error.message(), tail.text()),
                  build_remedy(error, file_.shown, spec_.context.string()));
    }
  }

  /// Docker builds for the platform of the base that it has, whatever is asked.
  void check_platform(const engine::ImageId& id) {
    const auto slash = request_.platform.find('/');
    if (slash == std::string::npos) {
      return;
    }
    const auto wanted =
        request_.platform.substr(slash + 1, request_.platform.find('/', slash + 1) - slash - 1);
    const auto image = engine_.find_image(id.hex, call(look_deadline));
    if (image && !image->architecture.empty() && image->architecture != wanted) {
      engine_.remove_image(id.hex, true, call(look_deadline));
      throw Error(
          ExitCode::deploy,
          fmt::format("{}: the image of service '{}' was asked for '{}', but the engine made it for '{}'",
                      spec_.place.text(), service_.name, request_.platform, image->architecture),
          "pull its base images for that platform, or ask for the engine's own");
    }
  }

  /// Base images that are missing come first: the key holds their ids. Newer ones make no other build: an
  /// image that was made from the same inputs stays.
  void pull_bases() {
    for (const auto& base : request_.bases) {
      if (!engine_.find_image(base, call(look_deadline))) {
        engine_.pull(
            {.reference = compose::with_tag(base), .platform = request_.platform},
            [&](std::string_view line) {
              options_.sink(
                  {.type = base::event_type::waiting, .subject = subject(), .text = std::string(line)});
            },
            call(work_deadline));
      }
    }
  }

  /// The images that the build begins with and that are there, as the Dockerfile names them; none of a
  /// folder.
  std::map<std::string, engine::Image> base_images() {
    std::map<std::string, engine::Image> images;
    for (const auto& [name, base] : bases_) {
      if (folder_of(name) == nullptr) {
        if (auto image = engine_.find_image(base, call(look_deadline))) {
          images.emplace(name, *std::move(image));
        }
      }
    }
    return images;
  }

  /// The folder that a context of this name stands for, or null.
  const std::string* folder_of(const std::string& name) const {
    const auto context = spec_.additional_contexts.find(name);
    return context != spec_.additional_contexts.end() && base::is_folder(context->second) ? &context->second
                                                                                          : nullptr;
  }

  std::string inputs_key(const std::map<std::string, engine::Image>& bases) const {
    base::Sha256 key;
    key.field("fresh-clone service build 1").field(written_).field(request_.target).field(request_.platform);
    key.field(request_.network ? "network " + request_.network_name : "no network");
    key.field(source::build_context_digest(folder_request(spec_.context)));
    const auto add = [&](const char* what, const auto& values) {
      for (const auto& [name, value] : values) {
        key.field(what).field(name).field(value);
      }
    };
    add("argument", request_.arguments);
    add("label", request_.labels);
    for (const auto& [name, limit] : request_.ulimits) {
      key.field("limit").field(fmt::format("{} {} {}", name, limit.soft, limit.hard));
    }
    for (const auto& host : request_.extra_hosts) {
      key.field("host").field(host);
    }
    key.field(request_.shm_size ? fmt::format("{}", *request_.shm_size) : "");
    for (const auto& secret : spec_.secrets) {
      key.field("secret").field(secret.id);
    }
    for (const auto& [name, base] : bases_) {
      const std::string* folder = folder_of(name);
      const auto image = bases.find(name);
      key.field("image").field(name).field(folder != nullptr
                                               ? source::build_context_digest(folder_request(*folder))
                                           : image != bases.end() ? image->second.id.hex
                                                                  : std::string());
    }
    return key.hex();
  }

  /// All but the context and what its Dockerfile needs.
  engine::BuildRequest asked() const {
    engine::BuildRequest request{.tags = {service_.image},
                                 .target = spec_.target,
                                 .arguments = spec_.arguments,
                                 .labels = spec_.labels,
                                 .network = spec_.network != "none",
                                 .cache = options_.cache && !spec_.no_cache,
                                 .pull = options_.pull || spec_.pull,
                                 .platform = platform(),
                                 .extra_hosts = spec_.extra_hosts,
                                 .shm_size = spec_.shm_size,
                                 .ulimits = spec_.ulimits,
                                 .cache_from = spec_.cache_from};
    request.tags.insert(request.tags.end(), spec_.tags.begin(), spec_.tags.end());
    if (spec_.network != "none" && spec_.network != "default") {
      request.network_name = spec_.network;
    }
    for (const auto& [name, value] : options_.arguments) {
      request.arguments[name] = value;
    }
    request.labels[engine::labels::compose_project] = stack_.name;
    request.labels[engine::labels::compose_service] = service_.name;
    request.labels[engine::labels::compose_version] = "fresh-clone";
    return request;
  }

  /// The image that a context of `additional_contexts` stands for.
  std::string context_image(const std::string& name, const std::string& value) {
    if (value.starts_with(image_scheme)) {
      return value.substr(image_scheme.size());
    }
    if (value.starts_with(service_scheme)) {
      const auto other = stack_.services.find(value.substr(service_scheme.size()));
      if (other == stack_.services.end() || !engine_.find_image(other->second.image, call(look_deadline))) {
        refuse_build(
            service_, fmt::format("takes '{}' from the image of {}, which is not there", name, value),
            fmt::format("build that first: fresh-clone build {}", value.substr(service_scheme.size())));
      }
      return other->second.image;
    }
    if (!base::is_folder(value)) {
      refuse_build(service_,
                   fmt::format("takes '{}' from '{}', which is neither a folder nor an image", name, value),
                   "fetch it, and name the folder");
    }
    return folder_image(value);
  }

  /// An image of the files of a folder alone.
  std::string folder_image(const std::string& folder) {
    const ServiceDockerfile file{.shown = folder,
                                 .path = own_dockerfile,
                                 .text = "FROM scratch\nCOPY . /\n",
                                 .is_ours = true,
                                 .use = {}};
    engine::BuildRequest request{.tags = {}, .dockerfile = file.path};
    request.context_file = (folder_.path() / fmt::format("{}.tar", borrowed_.size())).string();
    write_context(context_of(file, folder), request.context_file);
    borrowed_.push_back(engine_
                            .build(
                                request, [](std::string_view) {}, call(work_deadline))
                            .hex);
    return borrowed_.back();
  }

  void add_contexts() {
    // add_stage leaves them as they are: what the Dockerfile names is what its author wrote.
    for (const auto& image : file_.use.images) {
      const auto context = spec_.additional_contexts.find(image.name);
      std::string base = image.name;
      if (context != spec_.additional_contexts.end()) {
        base = context_image(image.name, context->second);
        add_stage(file_, service_, image.name, base);
      }
      if (request_.pull || !engine_.find_image(base, call(look_deadline))) {
        request_.bases.push_back(base);
      }
      bases_[image.name] = base;
    }
  }

  /// A folder without what this program itself keeps below it.
  source::ContextRequest folder_request(const fs::path& folder) const {
    source::ContextRequest request{.folder = folder};
    for (const auto& path : options_.leave_out) {
      const auto below = path.lexically_normal().lexically_relative(folder.lexically_normal());
      if (!below.empty() && *below.begin() != "..") {
        request.leave_out.insert(below.generic_string());
      }
    }
    return request;
  }

  /// A Dockerfile of ours is no file that COPY sees: both engines heed .dockerignore once more.
  source::ContextRequest context_of(const ServiceDockerfile& file, const fs::path& folder) {
    source::ContextRequest context = folder_request(folder);
    if (file.is_ours) {
      const fs::path place = folder_.path() / fmt::format("{}", ++files_);
      base::write_file_atomic(place / "dockerfile", file.text);
      base::write_file_atomic(place / "ignore", fmt::format(".dockerignore\n{}\n", file.path));
      context.extra = {{file.path, place / "dockerfile"}, {".dockerignore", place / "ignore"}};
    }
    return context;
  }

  void send() {
    request_.dockerfile = file_.path;
    request_.context_file = (folder_.path() / "context.tar").string();
    source::ContextRequest context = context_of(file_, spec_.context);
    // Docker has no use for them: service_dockerfile refused what needs one.
    const bool has_secrets = engine_.version().flavor == engine::Flavor::podman;
    for (const auto& secret : has_secrets ? spec_.secrets : std::vector<compose::BuildSecret>()) {
      const auto& material = stack_.secrets.at(secret.source);
      if (!material.missing.empty()) {
        throw Error(ExitCode::precheck, material.missing,
                    fmt::format("the build of service '{}' needs it", service_.name));
      }
      const std::string name = fmt::format("fresh-clone.secret.{}", request_.secrets.size());
      base::write_file_atomic(folder_.path() / name, material.bytes, 0600);
      context.extra.push_back({name, folder_.path() / name});
      request_.secrets.push_back({.id = secret.id, .file = name});
    }
    write_context(context, request_.context_file);
  }

  const compose::Project& stack_;
  const compose::Service& service_;
  const compose::Build& spec_;
  const ServiceBuildOptions& options_;
  engine::Engine& engine_;
  engine::BuildRequest request_;
  ServiceDockerfile file_;
  std::string written_;
  std::map<std::string, std::string> bases_;  ///< image as the Dockerfile names it -> as the engine does
  base::TemporaryFolder folder_;
  std::vector<std::string> borrowed_;
  int files_ = 0;
};

}  // namespace

std::vector<fs::path> our_folders(const Surroundings& surroundings, const ProjectSpec& project) {
  std::vector<fs::path> folders{surroundings.state_folder()};
  if (project.declared) {
    folders.push_back(surroundings.project_folder / "exports");
  }
  return folders;
}

engine::ImageId build_service_image(const compose::Project& stack, const compose::Service& service,
                                    const ServiceBuildOptions& options, engine::Engine& engine) {
  const base::Doing doing("building the image of service '{}'", service.name);
  return Work(stack, service, options, engine).run();
}

bool has_open_build(const compose::Service& service) {
  return service.build && service.build->network != "none";
}

images::ImageRecord provide_service_image(const compose::Project& stack, const compose::Service& service,
                                          const ServiceBuildOptions& options, engine::Engine& engine) {
  const base::Doing doing("providing the image of service '{}'", service.name);
  return Work(stack, service, options, engine).provide();
}

}  // namespace fresh::pipeline
