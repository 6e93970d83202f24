#pragma once

#include <filesystem>
#include <string>

namespace fresh::pipeline {

/// Where on this machine a source called `name` goes when `to` is asked for: into a folder that exists under
/// its name (itself when only its content is copied), through a link to what the link points at. Throws Error
/// (precheck) when the folder that it would stand in does not exist, and for a device, a FIFO or a socket.
std::filesystem::path unpack_goal(const std::string& to, const std::string& name, bool content);

/// Unpacks an archive whose paths all begin with one first name, which becomes `root`. Files and links that
/// are there are replaced; a device, a FIFO or a socket, a folder in the place of a file, or a file in the
/// place of a folder is refused with Error (precheck) and stays.
void unpack(const std::filesystem::path& archive, const std::filesystem::path& root);

}  // namespace fresh::pipeline
