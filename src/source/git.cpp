#include "source/git.h"

#include "base/error.h"

#include <fmt/core.h>
#include <git2.h>

#include <algorithm>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace fresh::source {
namespace {

template <typename T>
using Handle = std::unique_ptr<T, void (*)(T*)>;

void start_library() {
  static const int started = git_libgit2_init();
  if (started < 0) {
    throw base::Error(base::ExitCode::bug, "libgit2 cannot be initialised");
  }
}

std::string last_reason() {
  const git_error* error = git_error_last();
  return error != nullptr && error->message != nullptr ? error->message : "no reason given";
}

[[noreturn]] void fail(const std::string& message, const std::string& hint = {}) {
  throw base::Error(base::ExitCode::precheck, message, hint);
}

/// Whether the repository that holds `folder` has another owner. libgit2 1.5 says "not found" for such a one
/// where the user has no configuration file at all.
bool is_of_another_user(const std::filesystem::path& folder) {
  std::error_code error;
  for (auto at = std::filesystem::absolute(folder, error); !error; at = at.parent_path()) {
    struct stat found {};
    if (::stat((at / ".git").c_str(), &found) == 0) {
      return found.st_uid != ::geteuid();
    }
    if (at == at.parent_path()) {
      return false;
    }
  }
  return false;
}

Handle<git_repository> open(const std::filesystem::path& folder) {
  git_repository* repository = nullptr;
  const int result = git_repository_open_ext(&repository, folder.c_str(), 0, nullptr);
  if (result == GIT_ENOTFOUND && !is_of_another_user(folder)) {
    fail(fmt::format("'{}' is not in a git repository", folder.string()),
         "run inside a clone, or make one: git init && git add . && git commit");
  }
  if (result == GIT_EOWNER || result == GIT_ENOTFOUND) {
    fail(fmt::format("the git repository of '{}' belongs to another user", folder.string()),
         fmt::format("trust it: git config --global --add safe.directory '{}'", folder.string()));
  }
  if (result != 0) {
    fail(fmt::format("cannot open the git repository of '{}': {}", folder.string(), last_reason()));
  }
  return {repository, &git_repository_free};
}

std::string hex(const git_oid& id) {
  std::string text(GIT_OID_HEXSZ, '\0');
  git_oid_fmt(text.data(), &id);
  return text;
}

std::vector<std::string> changed_paths(git_repository* repository) {
  git_status_options options = GIT_STATUS_OPTIONS_INIT;
  options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
  options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS;
  git_status_list* raw = nullptr;
  if (git_status_list_new(&raw, repository, &options) != 0) {
    fail(fmt::format("cannot read the state of the work tree: {}", last_reason()));
  }
  const Handle<git_status_list> list(raw, &git_status_list_free);
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < git_status_list_entrycount(list.get()); ++i) {
    const git_status_entry* entry = git_status_byindex(list.get(), i);
    const git_diff_delta* delta =
        entry->index_to_workdir != nullptr ? entry->index_to_workdir : entry->head_to_index;
    paths.emplace_back(delta->new_file.path != nullptr ? delta->new_file.path : delta->old_file.path);
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

}  // namespace

Commit read_commit(const std::filesystem::path& folder) {
  start_library();
  const auto repository = open(folder);
  if (git_repository_is_bare(repository.get()) != 0) {
    fail(fmt::format("the git repository of '{}' has no work tree", folder.string()),
         "run inside a clone with files");
  }
  git_reference* raw_head = nullptr;
  const int found = git_repository_head(&raw_head, repository.get());
  if (found == GIT_EUNBORNBRANCH || found == GIT_ENOTFOUND) {
    fail(fmt::format("the git repository of '{}' has no commit yet", folder.string()),
         "commit the project: git add . && git commit");
  }
  if (found != 0) {
    fail(fmt::format("cannot read HEAD of the git repository of '{}': {}", folder.string(), last_reason()));
  }
  const Handle<git_reference> head(raw_head, &git_reference_free);
  git_object* raw_object = nullptr;
  if (git_reference_peel(&raw_object, head.get(), GIT_OBJECT_COMMIT) != 0) {
    fail(fmt::format("cannot read the commit that HEAD names: {}", last_reason()), "check it: git fsck");
  }
  const Handle<git_object> object(raw_object, &git_object_free);
  git_commit* raw_commit = nullptr;
  if (git_commit_lookup(&raw_commit, repository.get(), git_object_id(object.get())) != 0) {
    fail(fmt::format("cannot read the commit that HEAD names: {}", last_reason()), "check it: git fsck");
  }
  const Handle<git_commit> commit(raw_commit, &git_commit_free);

  Commit result{.sha = hex(*git_commit_id(commit.get())),
                .branch = git_reference_is_branch(head.get()) != 0 ? git_reference_shorthand(head.get()) : "",
                .dirty_paths = changed_paths(repository.get()),
                .commit_time = git_commit_time(commit.get())};
  result.dirty = !result.dirty_paths.empty();
  return result;
}

bool is_ignored(const std::filesystem::path& folder, const std::filesystem::path& path) {
  start_library();
  if (git_repository_open_ext(nullptr, folder.c_str(), 0, nullptr) == GIT_ENOTFOUND &&
      !is_of_another_user(folder)) {
    return true;
  }
  const auto repository = open(folder);
  const char* root = git_repository_workdir(repository.get());
  if (root == nullptr) {
    return true;
  }
  std::error_code error;
  const auto real_folder = std::filesystem::canonical(path.parent_path(), error);
  const auto relative = ((error ? path.parent_path() : real_folder) / path.filename())
                            .lexically_relative(root)
                            .generic_string();
  int ignored = 0;
  git_index* raw_index = nullptr;
  if (git_ignore_path_is_ignored(&ignored, repository.get(), relative.c_str()) != 0 ||
      git_repository_index(&raw_index, repository.get()) != 0) {
    fail(fmt::format("cannot find out whether git ignores '{}': {}", path.string(), last_reason()));
  }
  const Handle<git_index> index(raw_index, &git_index_free);
  return ignored == 1 && git_index_get_bypath(index.get(), relative.c_str(), 0) == nullptr;
}

}  // namespace fresh::source
