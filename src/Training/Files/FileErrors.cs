namespace IlgpuDistance.Training.Files;

/// <summary>
/// What can go wrong with a file, and how one is held so that no other process of this program takes it. The operating
/// system lets go of such a file when the process ends, however it ends: no lock is ever left behind.
/// </summary>
internal static class FileErrors
{
    // ERROR_SHARING_VIOLATION of Windows as an HRESULT; EWOULDBLOCK of Linux and of macOS.
    private const int WindowsTaken = unchecked((int)0x80070020);
    private const int LinuxTaken = 11;
    private const int MacTaken = 35;

    // ERROR_FILE_EXISTS; EEXIST.
    private const int WindowsThere = unchecked((int)0x80070050);
    private const int UnixThere = 17;

    // ERROR_DISK_FULL and ERROR_IO_DEVICE; EIO, ENOSPC, and EDQUOT of Linux and of macOS.
    private static readonly int[] OfDisk =
        OperatingSystem.IsWindows() ? [unchecked((int)0x80070070), unchecked((int)0x8007045D)]
        : [5, 28, OperatingSystem.IsMacOS() ? 69 : 122];

    /// <summary>
    /// How a file is opened that others may read but no other process of this program may write. On Unix only None locks
    /// against others, and it hinders nobody who does not ask for locks; on Windows it would keep everybody from reading.
    /// </summary>
    public static FileShare OneWriter { get; } = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    /// <summary>Whether an exception says that another process holds the file.</summary>
    public static bool IsTaken(Exception error) =>
        error is IOException && error.HResult is WindowsTaken or LinuxTaken or MacTaken;

    /// <summary>Whether an exception says that a file that was to be made is there already.</summary>
    public static bool IsThere(Exception error) => error is IOException && error.HResult is WindowsThere or UnixThere;

    /// <summary>
    /// Whether an exception says that the disk has failed or is full, which is nothing that the user has given.
    /// </summary>
    public static bool IsOfDisk(Exception error) =>
        error is IOException && OfDisk.Contains(error.HResult) || error.InnerException is { } inner && IsOfDisk(inner);

    /// <summary>
    /// Whether an exception says that a file cannot be read or written; .NET has an argument out of range where a file gets
    /// longer than a limit of the user or of the file system allows.
    /// </summary>
    public static bool IsFailure(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;
}
