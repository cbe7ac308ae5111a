using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IlgpuDistance.Training.Files;

/// <summary>Brings files, and the lists of names that folders are, from the memory of the operating system to the disk.</summary>
/// <remarks>
/// <para>
/// On Unix this calls the C library, because .NET 10 never tells that the disk has failed: its own call of fsync reads
/// <c>while ((ret = fsync(fd) &lt; 0) &amp;&amp; errno == EINTR)</c>, so that it returns 1 after an error, and
/// <see cref="FileStream.Flush(bool)"/> looks for a number below 0. What such an error concerns is perhaps lost, and asking again
/// proves nothing: the system forgets it once it is told.
/// </para>
/// <para>For folders .NET has no call, and Windows, whose file system keeps a journal of renames, needs none.</para>
/// </remarks>
internal static class Disk
{
    // On a Mac fsync leaves the data in the memory of the drive, and this command of fcntl does not.
    private const int MacFullFlush = 51;

    private const int Interrupted = 4;

    // EINVAL, EROFS, ENOTSUP of Linux, ENOTSUP and EOPNOTSUPP of macOS: pipes, terminals and file systems that cannot do it.
    private static readonly int[] NotSupported = OperatingSystem.IsMacOS() ? [22, 30, 45, 102] : [22, 30, 95];

    /// <summary>Brings a file to the disk; what cannot be flushed, such as a pipe, is left to the system.</summary>
    /// <exception cref="IOException">The disk has failed, or has no room for what the system has accepted before.</exception>
    public static void Flush(FileStream stream)
    {
        if (OperatingSystem.IsWindows())
        {
            stream.Flush(flushToDisk: true);
            return;
        }
        stream.Flush();
        Flush(stream.SafeFileHandle);
    }

    /// <summary>
    /// Brings a folder's list of names to the disk, which creating or renaming a file leaves to the system. A folder that this
    /// user may not read, or that cannot be flushed, is left to it.
    /// </summary>
    /// <exception cref="IOException">The disk has failed.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        using SafeFileHandle handle = Libc.Open(folder);
        if (!handle.IsInvalid)
            Flush(handle);
    }

    private static void Flush(SafeFileHandle file)
    {
        if (OperatingSystem.IsMacOS() && Libc.Control(file, MacFullFlush) == 0)
            return;
        while (Libc.Synchronize(file) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (NotSupported.Contains(error))
                return;
            if (error != Interrupted)
                throw new IOException($"it cannot be brought to the disk: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }
}
