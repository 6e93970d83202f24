#include "images/fetch.h"

#include "base/doing.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "engine/labels.h"
#include "engine/run_to_end.h"
#include "source/build_context.h"
#include "source/output_file.h"
#include "source/tar_reader.h"
#include "source/tar_writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace fresh::images {
namespace {

namespace fs = std::filesystem;

constexpr auto short_call = std::chrono::seconds(60);
constexpr std::size_t largest_folder = std::size_t{8} << 20U;
constexpr unsigned open_folder = 0777;
constexpr unsigned plain_file = 0644;
constexpr const char* bundle = "etc/ssl/certs/ca-certificates.crt";
constexpr const char* java_bundle = "etc/ssl/certs/java/cacerts";

/// What must be in the container before its own folder is: /in, /out and the certificates this machine
/// trusts.
std::string skeleton(const FetchRequest& request) {
  std::string bytes;
  source::TarWriter tar([&](std::string_view block) { bytes += block; }, 0);
  if (const auto given = base::read_file_if_exists(request.certificates)) {
    tar.file(bundle, plain_file, *given);
  }
  if (const auto given = base::read_file_if_exists(request.java_certificates)) {
    tar.file(java_bundle, plain_file, *given);
  }
  tar.folder("in", open_folder);
  tar.folder("out", open_folder);
  tar.finish();
  return bytes;
}

std::string folder_archive(const FetchRequest& request) {
  std::string bytes;
  source::write_build_context(
      {.folder = request.folder, .leave_out = {request.lock_in_folder}}, [&](std::string_view block) {
        bytes += block;
        if (bytes.size() > largest_folder) {
          throw base::Error(base::ExitCode::deploy,
                            fmt::format("the folder '{}' is too large to hand to a fetch: more than {} MiB",
                                        request.folder.string(), largest_folder >> 20U),
                            "name what the fetch does not need in its .dockerignore");
        }
      });
  return bytes;
}

engine::ContainerSpec container_of(const FetchRequest& request) {
  engine::ContainerSpec spec{
      .name = fmt::format("{}-fetch-{}", request.project, short_name(request.image_name)),
      .image = request.step.image};
  spec.entrypoint = std::vector<std::string>{request.step.command.front()};
  spec.command = std::vector<std::string>(request.step.command.begin() + 1, request.step.command.end());
  spec.working_dir = "/in";
  spec.environment = request.environment;
  spec.environment.insert({{"LANG", "C.UTF-8"}, {"TZ", "UTC"}, {"SOURCE_DATE_EPOCH", "0"}});
  if (fs::exists(request.certificates)) {
    for (const char* name : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CURL_CA_BUNDLE"}) {
      spec.environment.emplace(name, fmt::format("/{}", bundle));
    }
  }
  spec.labels = {{engine::labels::tool, "fresh-clone"},
                 {engine::labels::project, request.project},
                 {engine::labels::role, "fetch"}};
  return spec;
}

std::vector<FetchedInput> receive(engine::Engine& engine, const std::string& container,
                                  const FetchRequest& request, const fs::path& work,
                                  const std::stop_token& stop) {
  const fs::path archive = work / "out.tar";
  source::OutputFile out(archive);
  engine.get_archive(container, "/out", [&](std::string_view bytes) { out.write(bytes); },
                     {.deadline = std::chrono::minutes(10), .stop = stop});
  out.close();

  std::vector<FetchedInput> fetched;
  std::optional<source::OutputFile> file;
  std::optional<base::Sha256> digest;
  const auto visit = [&](const source::TarEntry& entry) -> source::ByteSink {
    const std::string path = source::safe_path(entry.path);
    if (entry.type == source::EntryType::folder) {
      return {};
    }
    if (entry.type != source::EntryType::file || !path.starts_with("out/")) {
      throw base::Error(base::ExitCode::deploy,
                        fmt::format("the fetch left '/{}', which is no regular file", path),
                        "let the fetch command copy files instead of linking them");
    }
    FetchedInput next{.input = {.sha256 = {}, .size = entry.size, .path = path.substr(4), .origin = {}},
                      .file = work / fmt::format("{}", fetched.size())};
    next.input.origin = origin_of(next.input.path, request.step.image);
    file.emplace(next.file);
    digest.emplace();
    fetched.push_back(std::move(next));
    return [&](std::string_view bytes) {
      file->write(bytes);
      digest->update(bytes);
    };
  };
  source::read_tar(archive, visit, [&] {
    if (file) {
      file->close();
      fetched.back().input.sha256 = digest->hex();
      file.reset();
      digest.reset();
    }
  });
  fs::remove(archive);
  std::sort(fetched.begin(), fetched.end(),
            [](const FetchedInput& a, const FetchedInput& b) { return a.input.path < b.input.path; });
  return fetched;
}

}  // namespace

std::vector<FetchedInput> run_fetch(engine::Engine& engine, const FetchRequest& request, const fs::path& work,
                                    LogTail& log, const base::Clock& clock, const std::stop_token& stop) {
  const base::Doing doing("fetching the inputs of image '{}'", request.image_name);
  const engine::Call call{.deadline = short_call, .stop = stop};
  const engine::ContainerSpec spec = container_of(request);
  engine.remove_container(spec.name, true, call);
  const engine::ContainerGuard guard(engine, spec.name);
  engine.create_container(spec, call);
  engine.put_archive(spec.name, "/", skeleton(request), call);
  engine.put_archive(spec.name, "/in", folder_archive(request), call);
  const auto end = engine::run_to_end(
      engine, spec.name, request.step.timeout,
      [&log](engine::Stream, std::string_view bytes) { log.bytes(bytes); }, clock, stop);
  log.flush();
  if (!end.container) {
    throw base::Error(base::ExitCode::deploy, fmt::format("the container '{}' is gone", spec.name),
                      "something removed it while it ran: run again");
  }
  const engine::Container& container = *end.container;
  if (end.killed_at_deadline || !container.has_finished() || container.exit_code != 0) {
    const std::string why =
        end.killed_at_deadline
            ? fmt::format("did not end within {} and was killed", base::shown(request.step.timeout))
        : container.oom_killed      ? "was killed: out of memory"
        : !container.has_finished() ? fmt::format("is '{}' and never ran to its end", container.state)
                                    : fmt::format("ended with exit code {}", container.exit_code);
    throw base::Error(base::ExitCode::deploy,
                      fmt::format("the fetch command of image '{}' {}; its last lines:\n{}",
                                  request.image_name, why, log.text()),
                      "a fetch needs the network: check that the container can reach the registry (DNS, "
                      "proxy, certificates)");
  }
  return receive(engine, spec.name, request, work, stop);
}

std::map<std::string, std::string> proxy_environment() {
  std::map<std::string, std::string> environment;
  for (const char* name :
       {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"}) {
    if (const char* value = std::getenv(name); value != nullptr && value[0] != '\0') {
      environment.emplace(name, value);
    }
  }
  return environment;
}

}  // namespace fresh::images
