using System.Globalization;
using IlgpuDistance.Gpu;

namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// A folder in which one process works at a time. The process holds the file <c>.lock</c> open, which the operating system
/// ends with the process, so that none that was killed leaves a lock behind; <c>.lock-owner</c> says who it is.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockName = ".lock";
    private const string OwnerName = ".lock-owner";

    private readonly FileStream _stream;

    private FolderLock(FileStream stream) => _stream = stream;

    /// <summary>Takes a folder, which is created if need be.</summary>
    /// <exception cref="InputException">Another process holds it, or it cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var stream = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                File.WriteAllText(Path.Combine(folder, OwnerName), string.Create(CultureInfo.InvariantCulture,
                    $"process {Environment.ProcessId} on {Environment.MachineName}, since {DateTime.UtcNow:u}\n"));
                return new FolderLock(stream);
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        }
        catch (Exception error) when (FileErrors.IsTaken(error))
        {
            throw new InputException(
                $"--out {folder}: {OwnerOf(folder)} is at work on this experiment; wait for its end, stop it, or name another folder", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"--out {folder}: cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Lets others have the folder. The files stay: deleting one that another process is about to take would let in a third.</summary>
    public void Dispose() => _stream.Dispose();

    private static string OwnerOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, OwnerName)).Trim() is { Length: > 0 } owner ? owner : "another process";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
