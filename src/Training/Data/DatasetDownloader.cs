using System.Net.Sockets;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// Downloads the files of a data set as .gz. A file is stored only when it is complete and its checksum is right, and under its
/// name at once, so that several processes may download to one folder at a time and none ever sees half a file. Where it cannot
/// be stored, it is there in memory.
/// </summary>
/// <param name="connectTimeout">How long a mirror may take to accept a connection.</param>
/// <param name="stallTimeout">How long a mirror may send nothing.</param>
internal sealed class DatasetDownloader(TimeSpan connectTimeout, TimeSpan stallTimeout)
{
    private const int BlockBytes = 1 << 16;

    /// <summary>More than any file has whose length is not known: a body without end must not fill the memory.</summary>
    private const long MostBytes = 1 << 26;

    /// <summary>A downloader with usual time limits.</summary>
    public DatasetDownloader() : this(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)) { }

    /// <summary>Downloads every file that is not in a folder yet, or is damaged there.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="folder">The folder; it is created where it does not exist.</param>
    /// <param name="progress">Told how far each file is, from any thread.</param>
    /// <param name="cancellation">Stops the download and leaves no half file behind.</param>
    /// <exception cref="InputException">No mirror delivers a file.</exception>
    /// <exception cref="OperationCanceledException">The download was stopped.</exception>
    internal async Task<DownloadedFiles> DownloadAsync(
        PublishedDataset dataset, string folder, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = connectTimeout }, disposeHandler: true)
        {
            // A slow connection may take its time: only silence is limited.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        List<Uri> candidates = [.. dataset.Mirrors];
        var sources = new List<DataSource>();
        string? notStored = null;
        foreach (PublishedFile file in dataset.Files)
        {
            DataSource source = DataSource.OfFile(Path.Combine(folder, file.ArchiveName));
            if (!IsSound(source, file))
            {
                byte[] contents = await DownloadFileAsync(client, candidates, file, progress, cancellation).ConfigureAwait(false);
                if (Store(contents, source.Path) is { } problem)
                {
                    notStored ??= problem;
                    source = DataSource.OfBytes($"{file.ArchiveName} as downloaded", contents);
                }
            }
            sources.Add(source);
        }
        return new DownloadedFiles(sources, notStored);
    }

    private static bool IsSound(DataSource source, PublishedFile file)
    {
        try
        {
            return File.Exists(source.Path) && source.StoredMd5() == file.ArchiveMd5;
        }
        catch (InputException)
        {
            // What cannot be read is downloaded.
            return false;
        }
    }

    /// <summary>Stores a file, and says why it cannot be stored.</summary>
    private static string? Store(byte[] contents, string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => stream.Write(contents));
            return null;
        }
        catch (Exception error) when (FileErrors.IsFailure(error))
        {
            return error.Message.TrimEnd('.');
        }
    }

    private async Task<byte[]> DownloadFileAsync(
        HttpClient client, List<Uri> candidates, PublishedFile file, IProgress<DownloadProgress>? progress,
        CancellationToken cancellation)
    {
        List<string> problems = [];
        foreach (Uri mirror in candidates.ToArray())
        {
            try
            {
                return await FetchAsync(client, mirror, file, progress, cancellation).ConfigureAwait(false);
            }
            catch (MirrorException error)
            {
                problems.Add($"{mirror.Authority}: {error.Message}");
                // The next file asks first a mirror that has not failed.
                candidates.Remove(mirror);
                candidates.Add(mirror);
            }
        }
        throw new InputException(
            $"{file.ArchiveName} could not be downloaded ({string.Join("; ", problems)}); " +
            $"check the network, or get the four files of the data set by other means " +
            $"and name their folder{Hint.With(Settings.DataFolder)}");
    }

    /// <summary>Downloads one file from one mirror, and checks it.</summary>
    private async Task<byte[]> FetchAsync(
        HttpClient client, Uri mirror, PublishedFile file, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new DownloadProgress(file.ArchiveName, mirror.Authority, 0, file.ArchiveBytes));
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var contents = new MemoryStream();
        try
        {
            silence.CancelAfter(connectTimeout + stallTimeout);
            using HttpResponseMessage response = await client.GetAsync(
                new Uri(mirror, file.ArchiveName), HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new MirrorException($"answered {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd());
            long? announced = response.Content.Headers.ContentLength;
            CheckLength(announced ?? file.ArchiveBytes, file.ArchiveBytes);

            using Stream body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            var block = new byte[BlockBytes];
            while (true)
            {
                silence.CancelAfter(stallTimeout);
                int read = await body.ReadAsync(block, silence.Token).ConfigureAwait(false);
                if (read == 0)
                    break;
                contents.Write(block, 0, read);
                if (contents.Length > (file.ArchiveBytes ?? MostBytes))
                    break;
                progress?.Report(new DownloadProgress(
                    file.ArchiveName, mirror.Authority, contents.Length, file.ArchiveBytes ?? announced));
            }
            CheckLength(contents.Length, file.ArchiveBytes);
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

        byte[] bytes = contents.ToArray();
        string md5 = Md5Sum.Of(bytes);
        if (md5 != file.ArchiveMd5)
            throw new MirrorException($"sent contents with MD5 {md5} where {file.ArchiveMd5} is expected");
        return bytes;
    }

    private static void CheckLength(long? bytes, long? expected)
    {
        if (bytes > (expected ?? MostBytes))
            throw new MirrorException($"sends more than the {expected ?? MostBytes:N0} bytes that are expected");
        if (bytes < expected)
            throw new MirrorException($"sends {bytes:N0} bytes where {expected:N0} are expected");
    }

    /// <summary>A mirror did not deliver; another one may.</summary>
    private sealed class MirrorException(string message) : Exception(message);
}
