using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace IlgpuDistance.Training.Files;

/// <summary>Calls of the C library, on Unix only, for what .NET cannot do with files.</summary>
internal static partial class Libc
{
    private const int ReadOnly = 0;

    // PATH_MAX of Linux; a Mac's is shorter.
    private const int LongestPath = 4096;

    // The same numbers on every Unix.
    private const int TypeMask = 0xF000, RegularType = 0x8000, FolderType = 0x4000;

    // AT_FDCWD of Linux, and STATX_TYPE.
    private const int WorkingFolder = -100;
    private const uint TypeOnly = 1;

    // Larger than either structure, and where the type is in it.
    private const int StatusBytes = 256, LinuxModeAt = 28, MacModeAt = 4;

    /// <summary>
    /// Opens a file or a folder to read it. Unlike .NET's own, this takes no lock: it neither fails where another process has
    /// one, nor makes that one fail.
    /// </summary>
    /// <returns>A handle that is invalid where it cannot be opened.</returns>
    public static SafeFileHandle Open(string path) => Open(path, ReadOnly);

    /// <summary>Where a path to something that is there leads, without links; null where it leads nowhere.</summary>
    public static string? RealPath(string path)
    {
        byte[] real = new byte[LongestPath];
        return RealPath(path, real) == 0 ? null : Encoding.UTF8.GetString(real, 0, Array.IndexOf(real, (byte)0));
    }

    /// <summary>
    /// Whether a path leads to something that is neither a file nor a folder: a pipe, a terminal, another device, a socket.
    /// </summary>
    public static bool IsSpecial(string path)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        int failed = OperatingSystem.IsLinux() ? LinuxStatus(WorkingFolder, path, 0, TypeOnly, status)
            : RuntimeInformation.ProcessArchitecture == Architecture.X64 ? MacStatusX64(path, status)
            : MacStatus(path, status);
        int type = BitConverter.ToUInt16(status[(OperatingSystem.IsLinux() ? LinuxModeAt : MacModeAt)..]) & TypeMask;
        return failed == 0 && type is not (RegularType or FolderType);
    }

    /// <summary>Gives a file a second name, unless there is a file of that name.</summary>
    /// <returns>Whether it has got it.</returns>
    public static bool Link(string path, string name) => LinkNames(path, name) == 0;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LinkNames(string path, string name);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Synchronize(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Control(SafeFileHandle file, int command);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint RealPath(string path, Span<byte> real);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LinuxStatus(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MacStatus(string path, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MacStatusX64(string path, Span<byte> status);
}
