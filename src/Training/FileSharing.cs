namespace IlgpuDistance.Training;

/// <summary>
/// Files that are held open so that no other process of this program takes them. The operating system lets go of them when
/// the process ends, however it ends, so that no lock is ever left behind.
/// </summary>
internal static class FileSharing
{
    // ERROR_SHARING_VIOLATION of Windows as an HRESULT; EWOULDBLOCK of Linux and of macOS.
    private const int WindowsCode = unchecked((int)0x80070020);
    private const int LinuxCode = 11;
    private const int MacCode = 35;

    /// <summary>
    /// How a file is opened that others may read but no other process of this program may write. On Unix only None locks
    /// against others, and it hinders nobody who does not ask for locks; on Windows it would keep everybody from reading.
    /// </summary>
    public static FileShare OneWriter { get; } = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    /// <summary>Whether an exception says that another process holds the file.</summary>
    public static bool IsTaken(IOException error) => error.HResult is WindowsCode or LinuxCode or MacCode;
}
