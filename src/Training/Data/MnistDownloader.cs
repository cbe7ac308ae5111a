using System.Net.Sockets;
using IlgpuDistance.Gpu;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// Downloads the files of MNIST as .gz. A file appears under its name only when it is complete and its checksum is
/// right, so that several processes may download to one folder at a time and none ever sees half a file.
/// </summary>
/// <param name="mirrors">Addresses, each ending in a slash, to which a file's name is appended; tried in their order.</param>
/// <param name="files">What to download.</param>
/// <param name="connectTimeout">How long a mirror may take to accept a connection.</param>
/// <param name="stallTimeout">How long a mirror may send nothing.</param>
public sealed class MnistDownloader(
    IReadOnlyList<Uri> mirrors, IReadOnlyList<MnistFile> files, TimeSpan connectTimeout, TimeSpan stallTimeout)
{
    private const int BlockBytes = 1 << 16;

    /// <summary>Well-known mirrors of MNIST.</summary>
    public static readonly IReadOnlyList<Uri> PublicMirrors =
    [
        new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
    ];

    /// <summary>A downloader of MNIST from the public mirrors.</summary>
    public MnistDownloader() : this(PublicMirrors, MnistFile.All, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)) { }

    /// <summary>Downloads every file that is not in a folder yet, or is damaged there.</summary>
    /// <param name="folder">The folder; it is created where it does not exist.</param>
    /// <param name="progress">Told how far each file is, from any thread.</param>
    /// <param name="cancellation">Stops the download and leaves no half file behind.</param>
    /// <exception cref="InputException">No mirror delivers a file, or it cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The download was stopped.</exception>
    public async Task DownloadAsync(
        string folder, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        OnDisk(() => Directory.CreateDirectory(folder));
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = connectTimeout }, disposeHandler: true)
        {
            // A slow connection may take its time: only silence is limited.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        List<Uri> candidates = [.. mirrors];
        foreach (MnistFile file in files)
        {
            string path = Path.Combine(folder, file.ArchiveName);
            if (!OnDisk(() => File.Exists(path) && Md5Sum.OfFile(path) == file.ArchiveMd5))
                await DownloadFileAsync(client, candidates, file, path, progress, cancellation).ConfigureAwait(false);
        }
    }

    private async Task DownloadFileAsync(
        HttpClient client, List<Uri> candidates, MnistFile file, string path,
        IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        List<string> problems = [];
        foreach (Uri mirror in candidates.ToArray())
        {
            string temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.part";
            try
            {
                await FetchAsync(client, mirror, file, temporary, progress, cancellation).ConfigureAwait(false);
                OnDisk(() => File.Move(temporary, path, overwrite: true));
                return;
            }
            catch (MirrorException error)
            {
                problems.Add($"{mirror.Authority}: {error.Message}");
                // The next file asks first a mirror that has not failed.
                candidates.Remove(mirror);
                candidates.Add(mirror);
            }
            finally
            {
                OnDisk(() => File.Delete(temporary));
            }
        }
        throw new InputException(
            $"{file.ArchiveName} could not be downloaded ({string.Join("; ", problems)}); " +
            "check the network, or get the four files of MNIST by other means and name their folder with --data");
    }

    /// <summary>Downloads one file from one mirror to a temporary path, and checks it.</summary>
    private async Task FetchAsync(
        HttpClient client, Uri mirror, MnistFile file, string temporary,
        IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new DownloadProgress(file.ArchiveName, mirror.Authority, 0, file.ArchiveBytes));
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            silence.CancelAfter(connectTimeout + stallTimeout);
            using HttpResponseMessage response = await client.GetAsync(
                new Uri(mirror, file.ArchiveName), HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new MirrorException($"answered {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd());
            CheckLength(file, response.Content.Headers.ContentLength ?? file.ArchiveBytes);

            long received = 0;
            using (Stream body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false))
            using (FileStream target = OnDisk(() => Create(temporary)))
            {
                var block = new byte[BlockBytes];
                while (true)
                {
                    silence.CancelAfter(stallTimeout);
                    int read = await body.ReadAsync(block, silence.Token).ConfigureAwait(false);
                    if (read == 0)
                        break;
                    OnDisk(() => target.Write(block, 0, read));
                    received += read;
                    // A body without end must not fill the disk.
                    if (received > file.ArchiveBytes)
                        break;
                    progress?.Report(new DownloadProgress(file.ArchiveName, mirror.Authority, received, file.ArchiveBytes));
                }
                OnDisk(() => target.Flush(flushToDisk: true));
            }
            CheckLength(file, received);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new MirrorException(
                error.InnerException is TimeoutException ? $"no connection within {connectTimeout.TotalSeconds:0.#} s" :
                $"sent nothing for {stallTimeout.TotalSeconds:0.#} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new MirrorException(error.GetBaseException() is SocketException cause ? cause.Message : error.Message);
        }

        string md5 = OnDisk(() => Md5Sum.OfFile(temporary));
        if (md5 != file.ArchiveMd5)
            throw new MirrorException($"sent contents with MD5 {md5} where {file.ArchiveMd5} is expected");
    }

    private static void CheckLength(MnistFile file, long bytes)
    {
        if (bytes > file.ArchiveBytes)
            throw new MirrorException($"sends more than the {file.ArchiveBytes:N0} bytes that are expected");
        if (bytes < file.ArchiveBytes)
            throw new MirrorException($"sends {bytes:N0} bytes where {file.ArchiveBytes:N0} are expected");
    }

    /// <summary>A new file without a buffer, so that a full disk shows when a block is written, not when the file is closed.</summary>
    private static FileStream Create(string path) =>
        new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);

    private static void OnDisk(Action action) => OnDisk(() =>
    {
        action();
        return true;
    });

    /// <summary>Does something on the disk; what goes wrong there no other mirror can mend, so it ends the download.</summary>
    private static T OnDisk<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"MNIST could not be stored: {error.Message.TrimEnd('.')}; make room or allow writing there", error);
        }
    }

    /// <summary>A mirror did not deliver; another one may.</summary>
    private sealed class MirrorException(string message) : Exception(message);
}
