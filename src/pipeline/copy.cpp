#include "base/error.h"
#include "base/file.h"
#include "pipeline/day.h"
#include "pipeline/unpack.h"
#include "source/output_file.h"
#include "source/tar_writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <unistd.h>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;
namespace fs = std::filesystem;

/// One side of a copy: a path here, or in a service's container.
struct Side {
  std::string service;  ///< empty: this machine
  std::string path;
};

/// `web:/etc`; a path here may hold ':' after a '/' or '.'.
Side side_of(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || text.front() == '/' || text.front() == '.') {
    return {{}, text};
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

/// `/a/b/` -> `/a/b`; `/` stays.
std::string without_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') {
    path.pop_back();
  }
  return path;
}

bool means_content(const std::string& path) {
  return path == "." || path.ends_with("/.");
}

void write_tree(const fs::path& path, const std::string& name, source::TarWriter& tar) {
  const auto status = fs::symlink_status(path);
  const auto mode = static_cast<unsigned>(status.permissions()) & 0777U;
  if (fs::is_symlink(status)) {
    tar.link(name, fs::read_symlink(path).string());
  } else if (fs::is_regular_file(status)) {
    tar.file_from(name, mode, path);
  } else if (fs::is_directory(status)) {
    if (!name.empty()) {
      tar.folder(name, mode);
    }
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(path)) {
      entries.push_back(entry.path());
    }
    std::sort(entries.begin(), entries.end());
    for (const auto& entry : entries) {
      write_tree(entry, (name.empty() ? "" : name + "/") + entry.filename().string(), tar);
    }
  } else {
    throw Error(ExitCode::precheck, fmt::format("'{}' is neither a file, a folder nor a link", path.string()),
                "copy what is one");
  }
}

void write_standard_input(const fs::path& file) {
  source::OutputFile out(file);
  std::string block(std::size_t{1} << 16U, '\0');
  for (auto got = ::read(STDIN_FILENO, block.data(), block.size()); got > 0;
       got = ::read(STDIN_FILENO, block.data(), block.size())) {
    out.write(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
  }
  out.close();
}

void write_standard_output(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (sent < 0 && errno != EINTR) {
      throw Error(ExitCode::outputs, "standard output cannot be written: the copy is not whole",
                  "check where it is sent to");
    }
    bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
  }
}

/// Where in a container a source called `name` goes: the folder to unpack in, and its name there.
struct Destination {
  std::string folder;
  std::string name;
};

Destination destination(engine::Engine& engine, const std::string& container, const std::string& path,
                        const std::string& name, bool source_is_folder, const engine::Call& call) {
  const std::string clean = without_slash(path);
  if (const auto facts = engine.find_path(container, clean, call); facts && facts->is_folder) {
    return {clean, name};
  } else if (facts && source_is_folder) {
    throw Error(ExitCode::precheck,
                fmt::format("'{}' in the container is a file, a folder cannot go there", path),
                "name a folder");
  }
  const auto slash = clean.rfind('/');
  const std::string parent = slash == 0 || slash == std::string::npos ? "/" : clean.substr(0, slash);
  const auto facts = engine.find_path(container, parent, call);
  if (!facts || !facts->is_folder || (path.ends_with('/') && !source_is_folder)) {
    throw Error(ExitCode::precheck,
                fmt::format("there is no folder '{}' in container '{}'", path.ends_with('/') ? path : parent,
                            container),
                "make it first, for instance with 'fresh-clone exec'");
  }
  return {parent, clean.substr(slash == std::string::npos ? 0 : slash + 1)};
}

void copy_in(engine::Engine& engine, const std::string& container, const Side& from, const Side& to,
             bool follow_link, const engine::Call& call) {
  const base::TemporaryFolder folder;
  const fs::path archive = folder.path() / "copy.tar";
  if (from.path == "-") {
    write_standard_input(archive);
    engine.put_archive_file(container, without_slash(to.path), archive.string(), call);
    return;
  }
  if (!fs::exists(fs::symlink_status(from.path))) {
    throw Error(ExitCode::precheck, fmt::format("there is no '{}' on this machine", from.path),
                "mend the path");
  }
  fs::path path = fs::absolute(from.path).lexically_normal();
  path = follow_link ? fs::canonical(path) : path;
  const bool is_folder = fs::is_directory(fs::symlink_status(path));
  const fs::path named = path.has_filename() ? path.filename() : path.parent_path().filename();
  Destination goal = destination(engine, container, to.path, named.string(), is_folder, call);
  if (is_folder && means_content(from.path)) {
    goal = {without_slash(to.path), {}};
  }
  source::OutputFile file(archive);
  source::TarWriter tar([&](std::string_view bytes) { file.write(bytes); }, 0);
  write_tree(path, goal.name, tar);
  tar.finish();
  file.close();
  engine.put_archive_file(container, goal.folder, archive.string(), call);
}

void copy_out(engine::Engine& engine, const std::string& container, const Side& from, const Side& to,
              bool follow_link, const engine::Call& call) {
  const auto facts = engine.find_path(container, from.path, call);
  if (!facts) {
    throw Error(ExitCode::precheck, fmt::format("there is no '{}' in container '{}'", from.path, container),
                "mend the path; 'fresh-clone exec' can look");
  }
  const std::string path = follow_link && !facts->link_target.empty() ? facts->link_target : from.path;
  if (to.path == "-") {
    engine.get_archive(container, path, write_standard_output, call);
    return;
  }
  const std::string name = fs::path(without_slash(from.path)).filename().string();
  const fs::path root = unpack_goal(to.path, name, means_content(from.path));
  const base::TemporaryFolder folder;
  const fs::path archive = folder.path() / "copy.tar";
  source::OutputFile file(archive);
  engine.get_archive(
      container, path, [&](std::string_view bytes) { file.write(bytes); }, call);
  file.close();
  unpack(archive, root);
}

}  // namespace

void Day::copy(const std::string& from, const std::string& to, int index, bool follow_link) {
  const Side source = side_of(from);
  const Side goal = side_of(to);
  if (source.service.empty() == goal.service.empty()) {
    throw Error(ExitCode::usage,
                source.service.empty() ? "neither side of the copy is in a container"
                                       : "both sides of the copy are in containers",
                "name one of them as SERVICE:PATH");
  }
  const Connection connection = connected(false);
  engine::Engine& engine = *connection.engine;
  const ContainerChoice choice{.service = source.service.empty() ? goal.service : source.service,
                               .index = index};
  const std::string container = choose(engine, choice).container.name;
  if (source.service.empty()) {
    copy_in(engine, container, source, goal, follow_link, call(work_deadline));
  } else {
    copy_out(engine, container, source, goal, follow_link, call(work_deadline));
  }
}

}  // namespace fresh::pipeline
