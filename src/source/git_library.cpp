// libgit2, loaded when a run asks for the commit: these are the functions that git.cpp calls, each passed on
// to the library's own.
#include "base/shared_library.h"

#include <git2.h>

#include <cstddef>

namespace fresh::source {
namespace {

const base::SharedLibrary& library() {
  static const base::SharedLibrary loaded("libgit2.so." LIBGIT2_SOVERSION, "libgit2-" LIBGIT2_SOVERSION "");
  return loaded;
}

/// libgit2's own function of that name.
template <typename Function>
Function* real(const char* name) {
  return library().function<Function>(name);
}

}  // namespace
}  // namespace fresh::source

using fresh::source::real;

extern "C" {

int git_libgit2_init() {
  return real<decltype(git_libgit2_init)>("git_libgit2_init")();
}

const git_error* git_error_last() {
  return real<decltype(git_error_last)>("git_error_last")();
}

int git_repository_open_ext(git_repository** out, const char* path, unsigned int flags, const char* ceiling) {
  return real<decltype(git_repository_open_ext)>("git_repository_open_ext")(out, path, flags, ceiling);
}

int git_oid_fmt(char* out, const git_oid* id) {
  return real<decltype(git_oid_fmt)>("git_oid_fmt")(out, id);
}

int git_status_list_new(git_status_list** out, git_repository* repository,
                        const git_status_options* options) {
  return real<decltype(git_status_list_new)>("git_status_list_new")(out, repository, options);
}

std::size_t git_status_list_entrycount(git_status_list* list) {
  return real<decltype(git_status_list_entrycount)>("git_status_list_entrycount")(list);
}

const git_status_entry* git_status_byindex(git_status_list* list, std::size_t index) {
  return real<decltype(git_status_byindex)>("git_status_byindex")(list, index);
}

int git_repository_is_bare(const git_repository* repository) {
  return real<decltype(git_repository_is_bare)>("git_repository_is_bare")(repository);
}

int git_repository_head(git_reference** out, git_repository* repository) {
  return real<decltype(git_repository_head)>("git_repository_head")(out, repository);
}

int git_reference_peel(git_object** out, const git_reference* reference, git_object_t type) {
  return real<decltype(git_reference_peel)>("git_reference_peel")(out, reference, type);
}

int git_commit_lookup(git_commit** out, git_repository* repository, const git_oid* id) {
  return real<decltype(git_commit_lookup)>("git_commit_lookup")(out, repository, id);
}

const git_oid* git_object_id(const git_object* object) {
  return real<decltype(git_object_id)>("git_object_id")(object);
}

const git_oid* git_commit_id(const git_commit* commit) {
  return real<decltype(git_commit_id)>("git_commit_id")(commit);
}

int git_reference_is_branch(const git_reference* reference) {
  return real<decltype(git_reference_is_branch)>("git_reference_is_branch")(reference);
}

const char* git_reference_shorthand(const git_reference* reference) {
  return real<decltype(git_reference_shorthand)>("git_reference_shorthand")(reference);
}

git_time_t git_commit_time(const git_commit* commit) {
  return real<decltype(git_commit_time)>("git_commit_time")(commit);
}

void git_repository_free(git_repository* repository) {
  return real<decltype(git_repository_free)>("git_repository_free")(repository);
}

void git_status_list_free(git_status_list* list) {
  return real<decltype(git_status_list_free)>("git_status_list_free")(list);
}

void git_reference_free(git_reference* reference) {
  return real<decltype(git_reference_free)>("git_reference_free")(reference);
}

void git_object_free(git_object* object) {
  return real<decltype(git_object_free)>("git_object_free")(object);
}

void git_commit_free(git_commit* commit) {
  return real<decltype(git_commit_free)>("git_commit_free")(commit);
}

const char* git_repository_workdir(const git_repository* repository) {
  return real<decltype(git_repository_workdir)>("git_repository_workdir")(repository);
}

int git_ignore_path_is_ignored(int* ignored, git_repository* repository, const char* path) {
  return real<decltype(git_ignore_path_is_ignored)>("git_ignore_path_is_ignored")(ignored, repository, path);
}

int git_repository_index(git_index** out, git_repository* repository) {
  return real<decltype(git_repository_index)>("git_repository_index")(out, repository);
}

const git_index_entry* git_index_get_bypath(git_index* index, const char* path, int stage) {
  return real<decltype(git_index_get_bypath)>("git_index_get_bypath")(index, path, stage);
}

void git_index_free(git_index* index) {
  return real<decltype(git_index_free)>("git_index_free")(index);
}

}  // extern "C"
