#include "engine/base64.h"
#include "engine/fault.h"
#include "engine/json_fields.h"
#include "engine/socket_engine.h"
#include "engine/url.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace fresh::engine {
namespace {

/// The bit of a folder in the modes of Go's os package, which both engines send.
constexpr std::int64_t go_folder = std::int64_t{1} << 31;

}  // namespace

void SocketEngine::get_archive(const std::string& container, const std::string& path, const ByteSink& sink,
                               const Call& call) {
  Request request;
  request.method = "GET";
  request.target =
      native(fmt::format("/containers/{}/archive{}", path_part(container), Query().add("path", path).text()));
  request.on_body = sink;
  request.may_retry = true;
  expect(request, fmt::format("copying '{}' out of container '{}'", path, container), call);
}

std::optional<PathFacts> SocketEngine::find_path(const std::string& container, const std::string& path,
                                                 const Call& call) {
  const auto what = fmt::format("looking at '{}' in container '{}'", path, container);
  Request request;
  request.method = "HEAD";
  request.target =
      docker(fmt::format("/containers/{}/archive{}", path_part(container), Query().add("path", path).text()));
  const auto answer = http_.perform(request, call);
  const auto facts = answer.headers.find("x-docker-container-path-stat");
  if (answer.status == 404) {
    return std::nullopt;
  }
  if (!answer.succeeded() || facts == answer.headers.end()) {
    throw refusal(answer.status, what, "the engine says nothing of the path");
  }
  const auto stat = parse_json(base64_decoded(facts->second), what);
  return PathFacts{.name = text_at(stat, "name"),
                   .size = number_at(stat, "size"),
                   .is_folder = (number_at(stat, "mode") & go_folder) != 0,
                   .link_target = text_at(stat, "linkTarget")};
}

Request SocketEngine::archive_request(const std::string& container, const std::string& path) const {
  Request request;
  request.method = "PUT";
  // Podman would else give every file to the container's user.
  request.target = native(fmt::format("/containers/{}/archive{}", path_part(container),
                                      Query().add("path", path).add("copyUIDGID", "false").text()));
  request.content_type = "application/x-tar";
  return request;
}

void SocketEngine::put_archive(const std::string& container, const std::string& path, std::string_view tar,
                               const Call& call) {
  Request request = archive_request(container, path);
  request.body = tar;
  expect(request, fmt::format("copying to '{}' in container '{}'", path, container), call);
}

void SocketEngine::put_archive_file(const std::string& container, const std::string& path,
                                    const std::string& tar_file, const Call& call) {
  Request request = archive_request(container, path);
  request.body_file = tar_file;
  expect(request, fmt::format("copying to '{}' in container '{}'", path, container), call);
}

}  // namespace fresh::engine
