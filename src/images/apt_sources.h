#pragma once

#include <map>
#include <string>
#include <vector>

namespace fresh::images {

/// The lines `deb [options] URI SUITE COMPONENTS` for `suite` that an image's package sources come to, taken
/// from the host's own: each entry for `host_suite` or its -updates and -security, with the suite's name
/// replaced. Entries of other makers (other suites) are left out. `files` maps the path of a sources.list or
/// *.sources file (one-line and deb822 form, sources.list(5)) to its content. Each line once, in order; empty
/// when nothing fits.
std::vector<std::string> apt_sources(const std::map<std::string, std::string>& files,
                                     const std::string& host_suite, const std::string& suite);

/// As above, with the files below /etc/apt of this machine and the suite that /etc/os-release names.
std::vector<std::string> host_apt_sources(const std::string& suite);

}  // namespace fresh::images
