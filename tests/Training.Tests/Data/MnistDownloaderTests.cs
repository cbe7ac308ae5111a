using IlgpuDistance.Gpu;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class MnistDownloaderTests : IDisposable
{
    /// <summary>Larger than the blocks in which a body is read.</summary>
    private const int ArchiveBytes = 200_001;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, byte[]> _archives = [];
    private readonly List<MnistFile> _files = [];

    public MnistDownloaderTests()
    {
        foreach (MnistFile file in MnistFile.All)
        {
            var archive = new byte[ArchiveBytes];
            new Random(_files.Count).NextBytes(archive);
            _archives[file.ArchiveName] = archive;
            _files.Add(file with { ArchiveBytes = archive.Length, ArchiveMd5 = Md5Sum.Of(archive) });
        }
    }

    public void Dispose() => _folder.Dispose();

    private MnistDownloader NewDownloader(params Uri[] mirrors) =>
        new(mirrors, _files, connectTimeout: HangLimit.Value, stallTimeout: HangLimit.Value);

    private async Task<string> FailureAsync(MnistDownloader downloader)
    {
        string message = (await Assert.ThrowsAsync<InputException>(() => downloader.DownloadAsync(_folder.Path))).Message;
        Assert.Empty(Directory.GetFiles(_folder.Path));
        return message;
    }

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
        await NewDownloader(server.Address).DownloadAsync(_folder["new/folder"]);
        AssertAllArrived(_folder["new/folder"]);
        Assert.Equal(_archives.Keys.Select(name => $"/mnist/{name}").Order(), server.Requests.Order());
    }

    [Fact]
    public async Task Progress_ends_with_every_byte_of_every_file()
    {
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        var progress = new Recorder();
        await NewDownloader(server.Address).DownloadAsync(_folder.Path, progress);
        foreach (string name in _archives.Keys)
        {
            var reports = progress.Reports.Where(report => report.File == name).ToArray();
            Assert.Equal(0, reports[0].ReceivedBytes);
            Assert.Equal(ArchiveBytes, reports[^1].ReceivedBytes);
            Assert.All(reports, report => Assert.Equal((server.Address.Authority, ArchiveBytes), (report.Host, report.TotalBytes)));
        }
    }

    [Fact]
    public async Task Sound_files_are_kept_and_damaged_ones_replaced()
    {
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        await File.WriteAllBytesAsync(_folder[_files[0].ArchiveName], _archives[_files[0].ArchiveName]);
        await File.WriteAllBytesAsync(_folder[_files[1].ArchiveName], new byte[ArchiveBytes]);
        await NewDownloader(server.Address).DownloadAsync(_folder.Path);
        AssertAllArrived();
        Assert.DoesNotContain($"/mnist/{_files[0].ArchiveName}", server.Requests);
        Assert.Contains($"/mnist/{_files[1].ArchiveName}", server.Requests);
    }

    [Fact]
    public async Task A_second_mirror_helps_where_the_first_answers_with_an_error()
    {
        await using LoopbackServer broken = LoopbackServer.Answering("500 Internal Server Error", 0, []);
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        await NewDownloader(broken.Address, server.Address).DownloadAsync(_folder.Path);
        AssertAllArrived();
        // After its first failure the first mirror is asked last, and so no more.
        Assert.Single(broken.Requests);
    }

    [Fact]
    public async Task A_second_mirror_helps_where_the_first_refuses_connections()
    {
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        await NewDownloader(LoopbackServer.RefusingAddress(), server.Address).DownloadAsync(_folder.Path);
        AssertAllArrived();
    }

    [Fact]
    public async Task An_error_says_what_each_mirror_answered()
    {
        await using LoopbackServer broken = LoopbackServer.Answering("503 Service Unavailable", 0, []);
        Uri refusing = LoopbackServer.RefusingAddress();
        string message = await FailureAsync(NewDownloader(broken.Address, refusing));
        Assert.Contains($"{_files[0].ArchiveName} could not be downloaded", message);
        Assert.Contains($"{broken.Address.Authority}: answered 503 Service Unavailable; {refusing.Authority}: ", message);
        Assert.Contains("refused", message);
    }

    [Fact]
    public async Task A_body_that_ends_too_early_is_refused()
    {
        byte[] archive = _archives[_files[0].ArchiveName];
        await using LoopbackServer server = LoopbackServer.Answering("200 OK", archive.Length, archive[..100_000]);
        Assert.Contains("ended prematurely", await FailureAsync(NewDownloader(server.Address)));
    }

    [Fact]
    public async Task A_file_of_another_length_is_refused_before_it_is_read()
    {
        await using LoopbackServer server = LoopbackServer.Answering("200 OK", 1000, new byte[1000]);
        Assert.Contains("sends 1,000 bytes where 200,001 are expected", await FailureAsync(NewDownloader(server.Address)));
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
        Assert.Contains("sends more than the 200,001 bytes", await FailureAsync(NewDownloader(server.Address)));
    }

    [Fact]
    public async Task Contents_with_a_wrong_checksum_are_refused()
    {
        await using LoopbackServer server = LoopbackServer.Answering("200 OK", ArchiveBytes, new byte[ArchiveBytes]);
        string message = await FailureAsync(NewDownloader(server.Address));
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
        var downloader = new MnistDownloader([server.Address], _files, HangLimit.Value, stallTimeout: TimeSpan.FromSeconds(0.2));
        Assert.Contains("sent nothing for 0.2 s", await FailureAsync(downloader));
    }

    [Fact]
    public async Task Cancellation_leaves_no_temporary_file()
    {
        await using var server = new LoopbackServer(async (_, stream, cancellation) =>
        {
            await LoopbackServer.WriteAsync(stream, "200 OK", ArchiveBytes, new byte[1000], cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        using var cancellation = new CancellationTokenSource();
        bool seen = false;
        var progress = new Recorder(report =>
        {
            if (report.ReceivedBytes == 0)
                return;
            seen = Directory.GetFiles(_folder.Path, "*.part").Length == 1;
            cancellation.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => NewDownloader(server.Address).DownloadAsync(_folder.Path, progress, cancellation.Token));
        Assert.True(seen, "the temporary file was there while the file arrived");
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Two_downloads_at_once_do_not_disturb_each_other()
    {
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => NewDownloader(server.Address).DownloadAsync(_folder.Path)));
        AssertAllArrived();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_told_as_such()
    {
        await File.WriteAllTextAsync(_folder["file"], "");
        await using LoopbackServer server = LoopbackServer.Serving(_archives);
        var error = await Assert.ThrowsAsync<InputException>(() => NewDownloader(server.Address).DownloadAsync(_folder["file/inside"]));
        Assert.Contains("MNIST could not be stored", error.Message);
        Assert.Empty(server.Requests);
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
