#include "images/base_system.h"

#include "base/doing.h"
#include "base/error.h"
#include "base/process.h"
#include "base/sha256.h"
#include "images/apt_sources.h"
#include "images/log_tail.h"
#include "source/tar_reader.h"

#include <fmt/core.h>
#include <fmt/format.h>

namespace fresh::images {
namespace {

namespace fs = std::filesystem;

/// Part of every key: raise it when the way a system is made changes its bytes.
constexpr std::string_view rules = "fresh-clone base 1";
constexpr auto deadline = std::chrono::minutes(30);

/// What a package's scripts leave behind with times, inode numbers or the host's name in it, and what nobody
/// reads in a container.
constexpr const char* tidy =
    "cd \"$1\" && rm -rf var/cache/ldconfig/aux-cache var/cache/apt/*.bin var/lib/apt/lists/* "
    "var/log/*.log var/log/apt/* var/lib/dpkg/*-old var/cache/debconf/*-old var/cache/fontconfig/* "
    "etc/*- etc/hostname etc/resolv.conf && "
    "{ [ ! -e etc/machine-id ] || : >etc/machine-id; }";

/// Java's trust store holds the time at which each certificate came in: they become 0, and the checksum at
/// its end (of the password, a fixed phrase and the content) is made anew. Other formats are left alone.
constexpr const char* timeless_java_trust = R"(perl -MDigest::SHA -e '
  exit 0 unless open my $file, "+<:raw", $ARGV[0];
  local $/;
  my $store = <$file>;
  my ($magic, $version, $entries) = unpack "N3", $store;
  exit 0 unless $magic == 0xfeedfeed && $version == 2;
  my $at = 12;
  for (1 .. $entries) {
    my ($kind, $alias) = unpack "Nn", substr $store, $at;
    exit 0 unless $kind == 2;
    $at += 6 + $alias;
    substr($store, $at, 8) = "\0" x 8;
    $at += 8;
    $at += 2 + unpack "n", substr $store, $at, 2;
    $at += 4 + unpack "N", substr $store, $at, 4;
  }
  $store = substr $store, 0, $at;
  my $password = join "", map { "\0$_" } split //, "changeit";
  seek $file, 0, 0;
  print $file $store, Digest::SHA::sha1($password, "Mighty Aphrodite", $store);
' "$1/etc/ssl/certs/java/cacerts")";

std::string key_under(const BaseSource& base, const std::string& architecture, const std::string& lock) {
  return base::Sha256().field(base_digest(base, architecture)).field(lock).hex();
}

/// The note: the root's sha256, then the packages as a lock has them.
std::string note_text(const BaseSystem& system) {
  return fmt::format("{}\n{}", system.root, packages_lock_text(system.packages));
}

std::optional<BaseSystem> read_note(const InputCache& cache, const std::string& key) {
  const std::optional<std::string> text = cache.note(key);
  if (!text) {
    return std::nullopt;
  }
  const std::size_t end = text->find('\n');
  BaseSystem system{.root = text->substr(0, end), .packages = {}};
  if (end == std::string::npos || !cache.has(system.root)) {
    return std::nullopt;
  }
  system.packages = parse_packages_lock(text->substr(end + 1), fmt::format("cache note {}", key));
  return system;
}

std::vector<std::string> command_line(const BaseSource& base, const std::string& architecture,
                                      const fs::path& out) {
  std::vector<std::string> argv{"mmdebstrap",
                                "--mode=auto",
                                "--format=tar",
                                fmt::format("--variant={}", base.variant),
                                fmt::format("--architectures={}", architecture),
                                "--aptopt=Acquire::Retries \"3\"",
                                "--dpkgopt=force-unsafe-io",
                                "--dpkgopt=path-exclude=/usr/share/man/*/*",
                                "--dpkgopt=path-exclude=/usr/share/doc/*/*",
                                "--dpkgopt=path-include=/usr/share/doc/*/copyright",
                                "--dpkgopt=path-exclude=/usr/share/locale/*/*",
                                fmt::format("--customize-hook={}", tidy),
                                fmt::format("--customize-hook={}", timeless_java_trust)};
  if (!base.packages.empty()) {
    argv.push_back(fmt::format("--include={}", fmt::join(base.packages, ",")));
  }
  argv.push_back(base.suite);
  argv.push_back(out.string());
  for (std::string& line : host_apt_sources(base.suite)) {
    argv.push_back(std::move(line));
  }
  return argv;
}

std::vector<Package> packages_in(const fs::path& root) {
  std::string status;
  source::read_tar(root, [&](const source::TarEntry& entry) -> source::ByteSink {
    if (source::safe_path(entry.path) != "var/lib/dpkg/status") {
      return {};
    }
    return [&](std::string_view bytes) { status += bytes; };
  });
  return installed_packages(status);
}

}  // namespace

std::string base_digest(const BaseSource& base, const std::string& architecture) {
  base::Sha256 digest;
  digest.field(rules).field(base.suite).field(base.variant).field(architecture);
  for (const std::string& package : base.packages) {
    digest.field(package);
  }
  return digest.hex();
}

std::optional<BaseSystem> find_base_system(const BaseSource& base, const std::string& architecture,
                                           const std::string& lock, const std::string& lock_name,
                                           const InputCache& cache) {
  if (auto system = read_note(cache, key_under(base, architecture, lock))) {
    return system;
  }
  if (!lock.empty()) {
    const std::string of_packages = packages_lock_text(parse_packages_lock(lock, lock_name));
    return read_note(cache, key_under(base, architecture, of_packages));
  }
  return std::nullopt;
}

void note_base_system(const BaseSource& base, const std::string& architecture, const std::string& lock,
                      const BaseSystem& system, const InputCache& cache) {
  cache.write_note(key_under(base, architecture, lock), note_text(system));
  cache.write_note(key_under(base, architecture, packages_lock_text(system.packages)), note_text(system));
}

BaseSystem make_base_system(const BaseSource& base, const std::string& architecture, const std::string& lock,
                            const InputCache& cache,
                            const std::function<void(std::string_view line)>& on_line,
                            const std::stop_token& stop) {
  const base::Doing doing("making the root file system of Debian {}", base.suite);
  if (!base::find_program("mmdebstrap")) {
    throw base::Error(base::ExitCode::precheck, "'mmdebstrap' is not installed",
                      "install it: apt-get install mmdebstrap");
  }
  const CacheWorkFolder work(cache);
  const fs::path out = work.path() / "root.tar";
  LogTail tail(on_line);
  const auto result = base::run_command({.argv = command_line(base, architecture, out),
                                         .folder = work.path(),
                                         .environment = {{"SOURCE_DATE_EPOCH", "0"}, {"LC_ALL", "C.UTF-8"}},
                                         .deadline = deadline,
                                         .on_line = [&](std::string_view line) { tail.line(line); }},
                                        stop);
  if (result.exit_code != 0) {
    const std::string why = result.timed_out ? fmt::format("was stopped after {}", base::shown(deadline))
                                             : fmt::format("ended with exit code {}", result.exit_code);
    throw base::Error(
        base::ExitCode::deploy, fmt::format("mmdebstrap {}; its last lines:\n{}", why, tail.text()),
        "check that the package mirror is reachable and the package names exist: apt-get update");
  }
  BaseSystem system{.root = base::sha256_file(out), .packages = packages_in(out)};
  if (system.packages.empty()) {
    throw base::Error(base::ExitCode::deploy,
                      "the root file system that mmdebstrap made holds no list of packages");
  }
  cache.store(out, system.root);
  note_base_system(base, architecture, lock, system, cache);
  return system;
}

}  // namespace fresh::images
