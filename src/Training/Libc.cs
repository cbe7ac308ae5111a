using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IlgpuDistance.Training;

/// <summary>Calls of the C library, on Unix only, for what .NET cannot do with files.</summary>
internal static partial class Libc
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Opens a file or a folder to read it. Unlike .NET's own, this takes no lock: it neither fails where another process has one,
    /// nor makes that one fail.
    /// </summary>
    /// <returns>A handle that is invalid where it cannot be opened.</returns>
    public static SafeFileHandle Open(string path) => Open(path, ReadOnly);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Synchronize(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Control(SafeFileHandle file, int command);
}
