#include "pipeline/unpack.h"

#include "base/error.h"
#include "source/output_file.h"
#include "source/tar_reader.h"

#include <fmt/core.h>

#include <memory>
#include <utility>
#include <vector>

namespace fresh::pipeline {
namespace {

using base::Error;
using base::ExitCode;
namespace fs = std::filesystem;

constexpr int most_links = 40;  // as the kernel

/// What a link points at, also when that does not exist yet.
fs::path followed(fs::path path) {
  for (int links = 0; fs::is_symlink(fs::symlink_status(path)); ++links) {
    if (links == most_links) {
      throw Error(ExitCode::precheck, fmt::format("the link '{}' leads to itself", path.string()),
                  "remove it, or name another target");
    }
    path = path.parent_path() / fs::read_symlink(path);
  }
  return path;
}

/// A device, a FIFO or a socket is not replaced: what others write to would be gone.
void refuse_special(const fs::path& target, fs::file_status there) {
  if (fs::exists(there) && !fs::is_regular_file(there) && !fs::is_directory(there) &&
      !fs::is_symlink(there)) {
    throw Error(ExitCode::precheck,
                fmt::format("'{}' is neither a file nor a folder, and stays as it is", target.string()),
                "name a file or a folder; '-' writes an archive to standard output");
  }
}

/// Unpacks below `root`, or as `root` itself what is called `first` in the archive. Nothing is written
/// through a link.
class Unpacker {
 public:
  explicit Unpacker(fs::path root) : root_(std::move(root)) {}

  source::ByteSink entry(const source::TarEntry& entry) {
    const fs::path target = place(entry.path);
    check(target);
    check_kind(target, entry.type == source::EntryType::folder);
    switch (entry.type) {
      case source::EntryType::folder:
        fs::create_directories(target);
        modes_.emplace_back(target, entry.mode);
        return {};
      case source::EntryType::link:
        fs::remove(target);
        fs::create_symlink(entry.target, target);
        return {};
      case source::EntryType::hard_link:
        fs::remove(target);
        fs::create_hard_link(place(entry.target), target);
        return {};
      case source::EntryType::file:
        fs::remove(target);
        file_ = std::make_unique<source::OutputFile>(target);
        modes_.emplace_back(target, entry.mode);
        return [this](std::string_view bytes) { file_->write(bytes); };
      case source::EntryType::other:
        return {};
    }
    return {};
  }

  void end_entry() {
    if (file_) {
      file_->close();
      file_.reset();
    }
  }

  /// Last, so that a folder without the right to write could be filled.
  void set_modes() const {
    for (auto one = modes_.rbegin(); one != modes_.rend(); ++one) {
      fs::permissions(one->first, static_cast<fs::perms>(one->second));
    }
  }

 private:
  /// The first name of each path stands for the source.
  fs::path place(const std::string& path) const {
    const std::string clean = source::safe_path(path);
    const auto slash = clean.find('/');
    const std::string rest = slash == std::string::npos ? "" : clean.substr(slash + 1);
    return rest.empty() ? root_ : root_ / rest;
  }

  void check(const fs::path& target) const {
    for (fs::path parent = target.parent_path(); parent != root_.parent_path() && parent.has_relative_path();
         parent = parent.parent_path()) {
      if (fs::is_symlink(parent) && parent != root_) {
        throw Error(
            ExitCode::deploy,
            fmt::format("'{}' would be written through the link '{}'", target.string(), parent.string()),
            "remove the link, or copy to an empty folder");
      }
    }
  }

  /// What is replaced is a file or a link, what is filled a folder: nothing else is touched.
  static void check_kind(const fs::path& target, bool is_folder) {
    const auto there = fs::symlink_status(target);
    refuse_special(target, there);
    if ((fs::is_directory(there) && !is_folder) || (fs::is_regular_file(there) && is_folder)) {
      throw Error(ExitCode::precheck,
                  fmt::format("'{}' is a {}, a {} cannot go there", target.string(),
                              is_folder ? "file" : "folder", is_folder ? "folder" : "file"),
                  "remove it, or name another target");
    }
  }

  fs::path root_;
  std::unique_ptr<source::OutputFile> file_;
  std::vector<std::pair<fs::path, unsigned>> modes_;
};

}  // namespace

fs::path unpack_goal(const std::string& to, const std::string& name, bool content) {
  fs::path root = fs::absolute(to);
  if (!root.has_filename()) {
    root = root.parent_path();
  }
  std::error_code none;
  if (fs::is_directory(root, none) && !content) {
    root /= name;
  }
  refuse_special(root, fs::status(root, none));
  root = followed(root);
  if (!fs::is_directory(root.parent_path())) {
    throw Error(ExitCode::precheck,
                fmt::format("there is no folder '{}' on this machine", root.parent_path().string()),
                "make it first");
  }
  return root;
}

void unpack(const fs::path& archive, const fs::path& root) {
  Unpacker unpacker(root);
  source::read_tar(
      archive, [&](const source::TarEntry& entry) { return unpacker.entry(entry); },
      [&] { unpacker.end_entry(); });
  unpacker.set_modes();
}

}  // namespace fresh::pipeline
