using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class DatasetDownloaderTests : IDisposable
{
    /// <summary>Larger than the blocks in which a body is read.</summary>
    private const int ArchiveBytes = 200_001;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, byte[]> _archives = [];
    private readonly List<PublishedFile> _files = [];

    public DatasetDownloaderTests()
    {
        foreach (PublishedFile file in PublishedDataset.Mnist.Files)
        {
            var archive = new byte[ArchiveBytes];
            new Random(_files.Count).NextBytes(archive);
            _archives[file.ArchiveName] = archive;
            _files.Add(file with { ArchiveBytes = archive.Length, ArchiveMd5 = Md5Sum.Of(archive) });
        }
    }

    public void Dispose() => _folder.Dispose();

    private Task<DownloadedFiles> DownloadAsync(Uri[] mirrors, IProgress<DownloadProgress>? progress = null,
        string? folder = null,
        TimeSpan? stallTimeout = null, CancellationToken cancellation = default) =>
        new DatasetDownloader(HangLimit.Value, stallTimeout ?? HangLimit.Value).DownloadAsync(
            PublishedDataset.Mnist with
            {
                Mirrors = mirrors,
                TrainImages = _files[0],
                TrainLabels = _files[1],
                TestImages = _files[2],
                TestLabels = _files[3]
            },
            folder ?? _folder.Path, progress, cancellation);

    private async Task<string> FailureAsync(TimeSpan stallTimeout, params Uri[] mirrors)
    {
        string message =
            (await Assert.ThrowsAsync<InputException>(() => DownloadAsync(mirrors, stallTimeout: stallTimeout))).Message;
        Assert.Empty(Directory.GetFiles(_folder.Path));
        return message;
    }

    private Task<string> FailureAsync(params Uri[] mirrors) => FailureAsync(HangLimit.Value, mirrors);

    private void AssertAllArrived(string? where = null)
    {
        string path = where ?? _folder.Path;
        Assert.Equal(_archives.Keys.Order(), Directory.GetFiles(path).Select(Path.GetFileName).Order());
        Assert.All(_archives, archive => Assert.Equal(archive.Value, File.ReadAllBytes(Path.Combine(path, archive.Key))));
    }

    [Fact]
    public async Task Files_arrive_in_a_folder_that_did_not_exist()
    {
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        await DownloadAsync([server.Address], folder: _folder["new/folder"]);
        AssertAllArrived(_folder["new/folder"]);
        Assert.Equal(_archives.Keys.Select(name => $"/mnist/{name}").Order(), server.Requests.Order());
    }

    [Fact]
    public async Task Progress_ends_with_every_byte_of_every_file()
    {
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        var progress = new Recorder();
        await DownloadAsync([server.Address], progress);
        foreach (string name in _archives.Keys)
        {
            var reports = progress.Reports.Where(report => report.File == name).ToArray();
            Assert.Equal(0, reports[0].ReceivedBytes);
            Assert.Equal(ArchiveBytes, reports[^1].ReceivedBytes);
            Assert.All(reports, report => Assert.Equal(
                (server.Address.Authority, ArchiveBytes), (report.Host, report.TotalBytes)));
        }
    }

    [Fact]
    public async Task Sound_files_are_kept_and_damaged_ones_replaced()
    {
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        await File.WriteAllBytesAsync(_folder[_files[0].ArchiveName], _archives[_files[0].ArchiveName]);
        await File.WriteAllBytesAsync(_folder[_files[1].ArchiveName], new byte[ArchiveBytes]);
        await DownloadAsync([server.Address]);
        AssertAllArrived();
        Assert.DoesNotContain($"/mnist/{_files[0].ArchiveName}", server.Requests);
        Assert.Contains($"/mnist/{_files[1].ArchiveName}", server.Requests);
    }

    [Fact]
    public async Task A_second_mirror_helps_where_the_first_answers_with_an_error()
    {
        await using LoopbackServer broken = LoopbackServer.Answering("500 Internal Server Error", 0, []);
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        await DownloadAsync([broken.Address, server.Address]);
        AssertAllArrived();
        // After its first failure the first mirror is asked last, and so no more.
        Assert.Single(broken.Requests);
    }

    [Fact]
    public async Task A_second_mirror_helps_where_the_first_refuses_connections()
    {
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        await DownloadAsync([LoopbackServer.RefusingAddress(), server.Address]);
        AssertAllArrived();
    }

    [Fact]
    public async Task An_error_says_what_each_mirror_answered()
    {
        await using LoopbackServer broken = LoopbackServer.Answering("503 Service Unavailable", 0, []);
        Uri refusing = LoopbackServer.RefusingAddress();
        string message = await FailureAsync(broken.Address, refusing);
        Assert.Contains($"{_files[0].ArchiveName} could not be downloaded", message);
        Assert.Contains($"{broken.Address.Authority}: answered 503 Service Unavailable; {refusing.Authority}: ", message);
        Assert.Contains("refused", message);
    }

    [Fact]
    public async Task A_body_that_ends_too_early_is_refused()
    {
        byte[] archive = _archives[_files[0].ArchiveName];
        await using LoopbackServer server = LoopbackServer.Answering("200 OK", archive.Length, archive[..100_000]);
        Assert.Contains("ended prematurely", await FailureAsync(server.Address));
    }

    [Fact]
    public async Task A_file_of_another_length_is_refused_before_it_is_read()
    {
        await using LoopbackServer server = LoopbackServer.Answering("200 OK", 1000, new byte[1000]);
        Assert.Contains("sends 1,000 bytes where 200,001 are expected", await FailureAsync(server.Address));
    }

    [Fact]
    public async Task A_body_without_end_is_stopped()
    {
        await using var server = new LoopbackServer(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
            while (true)
                await stream.WriteAsync(new byte[10_000], cancellation);
        });
        Assert.Contains("sends more than the 200,001 bytes", await FailureAsync(server.Address));
    }

    [Fact]
    public async Task Contents_with_a_wrong_checksum_are_refused()
    {
        await using LoopbackServer server = LoopbackServer.Answering("200 OK", ArchiveBytes, new byte[ArchiveBytes]);
        string message = await FailureAsync(server.Address);
        Assert.Contains($"where {_files[0].ArchiveMd5} is expected", message);
    }

    [Fact]
    public async Task A_mirror_that_falls_silent_is_given_up()
    {
        await using var server = new LoopbackServer(async (_, stream, cancellation) =>
        {
            await LoopbackServer.WriteAsync(stream, "200 OK", ArchiveBytes, new byte[1000], cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        Assert.Contains("sent nothing for 0.2 s", await FailureAsync(TimeSpan.FromSeconds(0.2), server.Address));
    }

    [Fact]
    public async Task Cancellation_leaves_no_file()
    {
        await using var server = new LoopbackServer(async (_, stream, cancellation) =>
        {
            await LoopbackServer.WriteAsync(stream, "200 OK", ArchiveBytes, new byte[1000], cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        using var cancellation = new CancellationTokenSource();
        var progress = new Recorder(report =>
        {
            if (report.ReceivedBytes > 0)
                cancellation.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => DownloadAsync([server.Address], progress, cancellation: cancellation.Token));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Two_downloads_at_once_do_not_disturb_each_other()
    {
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DownloadAsync([server.Address])));
        AssertAllArrived();
    }

    [Fact]
    public async Task Without_a_folder_that_can_be_written_the_files_are_there_in_memory()
    {
        await File.WriteAllTextAsync(_folder["file"], "");
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        DownloadedFiles files = await DownloadAsync([server.Address], folder: _folder["file/inside"]);
        Assert.NotNull(files.NotStored);
        foreach (var (source, file) in files.Sources.Zip(_files))
        {
            Assert.Equal(file.ArchiveMd5, source.StoredMd5());
            Assert.Equal($"{file.ArchiveName} as downloaded", source.Path);
        }
        Assert.Equal([_folder["file"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_file_of_unknown_length_is_checked_by_its_sum_alone()
    {
        _files[0] = _files[0] with { ArchiveBytes = null };
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        var progress = new Recorder();
        await DownloadAsync([server.Address], progress);
        AssertAllArrived();
        var reports = progress.Reports.Where(report => report.File == _files[0].ArchiveName).ToArray();
        Assert.Null(reports[0].TotalBytes);
        Assert.Equal(ArchiveBytes, reports[^1].TotalBytes);
    }

    [Fact]
    public async Task A_body_of_unknown_length_without_end_is_stopped()
    {
        _files[0] = _files[0] with { ArchiveBytes = null };
        await using LoopbackServer server = LoopbackServer.Answering("200 OK", int.MaxValue, []);
        Assert.Contains("sends more than the 67,108,864 bytes", await FailureAsync(server.Address));
    }

    private sealed class Recorder(Action<DownloadProgress>? also = null) : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> Reports { get; } = [];

        public void Report(DownloadProgress value)
        {
            Reports.Add(value);
            also?.Invoke(value);
        }
    }
}
