using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace IlgpuDistance.Training.Files;

/// <summary>
/// A file that belongs to one process at a time and says to which, by the protocol that <see cref="FolderLock"/> describes.
/// </summary>
internal sealed class OwnerFile : IDisposable
{
    /// <summary>A record is written in one piece and never changes its length, so that no reader sees half of one.</summary>
    private const int RecordBytes = 1024;

    /// <summary>No record is nearly as long.</summary>
    private const int LargestRecord = 1 << 14;

    /// <summary>How often a file is taken that others take and leave meanwhile.</summary>
    private const int MostTries = 50;

    /// <summary>The milliseconds after which a file that is not whole yet is read again.</summary>
    private const int ReadPause = 20;

    private static readonly JsonSerializerOptions OneLine = new(JsonFile.Options) { WriteIndented = false };

    private readonly string _path;
    private readonly LockTimes _times;
    private readonly FileStream _stream;
    private OwnerRecord _record;

    private OwnerFile(string path, LockTimes times, FileStream stream, OwnerRecord record)
    {
        _path = path;
        _times = times;
        _stream = stream;
        _record = record;
    }

    private enum LockState
    {
        /// <summary>The process that has it is alive.</summary>
        Held,

        /// <summary>Nobody has it, where one would be seen.</summary>
        Free,

        /// <summary>The file system, or this process, has no locks; or the file is gone.</summary>
        Unknown,
    }

    /// <summary>What a file that somebody owns holds at a moment.</summary>
    /// <param name="Record">The owner; null where it cannot be read.</param>
    /// <param name="Content">The record as it stands there.</param>
    /// <param name="Written">When, by the clock of the file system.</param>
    private sealed record Found(OwnerRecord? Record, string Content, DateTime Written)
    {
        public string Token => Record?.Token ?? "damaged";
    }

    /// <summary>Another process owns the file.</summary>
    /// <param name="owner">Who, in words that can begin a sentence.</param>
    internal sealed class OwnedException(string owner) : Exception(owner);

    /// <summary>Takes a file that nobody owns, or whose owner is dead.</summary>
    /// <exception cref="OwnedException">A process that may be alive owns it.</exception>
    /// <exception cref="IOException">It cannot be written or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static OwnerFile Take(string path, LockTimes times)
    {
        for (int i = 0; i < MostTries; i++)
        {
            if (Create(path, times) is { } mine)
                return mine;
            if (Read(path, times) is not { } found)
                continue;
            if (LivingOwner(path, found, times) is { } owner)
                throw new OwnedException(owner);
            Remove(path, found.Token, times);
        }
        throw new IOException($"{path} is neither there nor can it be made");
    }

    /// <summary>The owner of a file in words; null where it has none, or one that cannot be read.</summary>
    public static string? Find(string path) => Read(path, LockTimes.Default)?.Record?.ToString();

    /// <summary>
    /// The owner of a file who is alive or may be, in words; null where there is none. One who may be dead is not watched.
    /// </summary>
    public static string? FindLiving(string path) => Read(path, LockTimes.Default) is { } found
        ? LivingOwner(path, found, LockTimes.Default, isWatched: false)
        : null;

    /// <summary>Renews the record.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Renew() => Write(_record with { Beat = _record.Beat + 1 });

    /// <summary>Who has taken the file from this process, which it held for dead; null where nobody has.</summary>
    public string? Usurper() => Read(_path, _times)?.Record is { } found && found.Token != _record.Token
        ? found.ToString()
        : null;

    /// <summary>Deletes what processes that were killed have left of the removal of earlier records.</summary>
    public void DeleteOldClaims()
    {
        string claims = ClaimOf(_path, ""), mine = ClaimOf(_path, _record.Token);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(_path)!, $"{Path.GetFileName(claims)}*"))
        {
            // The pattern fits the record itself, too, as it would on DOS.
            if (file.StartsWith(claims, StringComparison.Ordinal) && !file.StartsWith(mine, StringComparison.Ordinal))
                File.Delete(file);
        }
    }

    /// <summary>Gives the file up.</summary>
    public void Dispose()
    {
        try
        {
            Remove(_path, _record.Token, _times);
        }
        catch (OwnedException)
        {
            // Somebody holds this process for dead and is about to remove the record himself.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder is gone or cannot be written any more. What is left there names a process that will have ended.
        }
        finally
        {
            _stream.Dispose();
        }
    }

    private static string ClaimOf(string path, string token) => $"{path}.{token}";

    /// <summary>Makes the file with a record of this process; null where it is there already.</summary>
    /// <remarks>
    /// The record is written under another name, which is then linked to its own: so nobody finds one that is not whole, even if
    /// the process is killed. Where there are no links, the file is made first, and a kill may leave an empty one.
    /// </remarks>
    private static OwnerFile? Create(string path, LockTimes times)
    {
        OwnerRecord record = OwnerRecord.OfThisProcess();
        if (!OperatingSystem.IsWindows())
        {
            string begun = $"{path}.{record.Token}.new";
            OwnerFile mine = Make(begun, path, times, record);
            bool isLinked = Libc.Link(begun, path);
            File.Delete(begun);
            if (isLinked)
                return mine;
            mine._stream.Dispose();
        }
        try
        {
            return Make(path, path, times, record);
        }
        catch (IOException error) when (FileErrors.IsThere(error))
        {
            return null;
        }
    }

    /// <summary>Makes the file of a path under a name, which must not be there, with a record.</summary>
    private static OwnerFile Make(string name, string path, LockTimes times, OwnerRecord record)
    {
        var stream = new FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, times.Share, bufferSize: 0);
        try
        {
            var mine = new OwnerFile(path, times, stream, record);
            mine.Write(record with { IsLocked = ProbeLock(name) == LockState.Held });
            return mine;
        }
        catch
        {
            File.Delete(name);
            stream.Dispose();
            throw;
        }
    }

    private void Write(OwnerRecord record)
    {
        byte[] text = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(record, OneLine));
        byte[] padded = new byte[(text.Length / RecordBytes + 1) * RecordBytes];
        padded.AsSpan().Fill((byte)'\n');
        text.CopyTo(padded, 0);
        _stream.Position = 0;
        _stream.Write(padded);
        // Other machines do not see what is only in the memory of this one.
        Disk.Flush(_stream);
        _record = record;
    }

    /// <summary>
    /// Removes a record that is not needed any more, if it is still there. Whoever does so owns a file of its own for it, so that
    /// of two who found the same dead owner the second does not remove the record of the first.
    /// </summary>
    private static void Remove(string path, string token, LockTimes times)
    {
        OwnerFile claim = Take(ClaimOf(path, token), times);
        try
        {
            DeleteIfStill(path, token, times);
        }
        finally
        {
            DeleteIfStill(claim._path, claim._record.Token, times);
            claim._stream.Dispose();
        }
    }

    private static void DeleteIfStill(string path, string token, LockTimes times)
    {
        if (Read(path, times)?.Token == token)
            File.Delete(path);
    }

    /// <summary>Who owns a file and is alive or may be, in words; null where nobody does.</summary>
    private static string? LivingOwner(string path, Found found, LockTimes times, bool isWatched = true)
    {
        OwnerRecord mine = OwnerRecord.OfThisProcess();
        string owner = found.Record?.ToString() ?? "another process";
        LockState state = ProbeLock(path);
        if (state == LockState.Held)
            return owner;
        if (found.Record?.IsAlive(mine) is { } isAlive)
            return isAlive ? owner : null;
        if (state == LockState.Free && found.Record is { IsLocked: true } record && record.IsOfSameBoot(mine))
            return null;

        TimeSpan silence = (Now(path) - found.Written).Duration();
        if (silence >= times.Silence)
        {
            if (!isWatched)
                return null;
            // Clocks may have been set, and some file systems ask that of the writer: only what does not change is dead.
            Thread.Sleep(times.Watch);
            if (Read(path, times) is not { } later || later == found)
                return null;
            silence = times.Watch;
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"{owner}, which gave a sign of life {silence.TotalSeconds:0} s ago and counts as dead " +
            $"{times.Silence.TotalSeconds:0} s after its last,");
    }

    /// <summary>Whether the operating system has a lock on a file, and whether it has locks at all.</summary>
    private static LockState ProbeLock(string path)
    {
        try
        {
            // Shared, as such locks do not exclude each other: two who probe must not take each other for the owner.
            using var shared = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            try
            {
                using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                return LockState.Unknown;
            }
            catch (IOException error) when (FileErrors.IsTaken(error))
            {
                return LockState.Free;
            }
        }
        catch (IOException error) when (FileErrors.IsTaken(error))
        {
            return LockState.Held;
        }
        catch (FileNotFoundException)
        {
            return LockState.Unknown;
        }
    }

    /// <summary>Reads a file; null where there is none. One that is just being made is waited for.</summary>
    private static Found? Read(string path, LockTimes times)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using SafeFileHandle? file = OpenUnlocked(path);
            if (file is null)
                return null;
            byte[] bytes = new byte[LargestRecord];
            string content = Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
            OwnerRecord? record = Parse(content);
            if (record is not null || clock.Elapsed >= times.Making)
                return new Found(record, content, File.GetLastWriteTimeUtc(file));
            Thread.Sleep(ReadPause);
        }
    }

    /// <summary>Reads a record; null where the text is none.</summary>
    internal static OwnerRecord? Parse(string content)
    {
        try
        {
            return JsonSerializer.Deserialize<OwnerRecord>(content, OneLine) is { } record && record.IsSound() ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Opens a file without a lock of its own, which would keep an owner who has just made it from locking it.</summary>
    private static SafeFileHandle? OpenUnlocked(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            SafeFileHandle file = Libc.Open(path);
            return !file.IsInvalid ? file : File.Exists(path) ? throw new IOException($"{path} cannot be read") : null;
        }
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The time by the clock by which the file system dates files: that of the server, if it has one.</summary>
    private static DateTime Now(string path)
    {
        string name = $"{path}.{Guid.NewGuid():N}";
        using var file = new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0, FileOptions.DeleteOnClose);
        file.WriteByte(0);
        Disk.Flush(file);
        return File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }
}
