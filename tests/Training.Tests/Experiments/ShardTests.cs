using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Experiments;

namespace IlgpuDistance.Training.Tests.Experiments;

public sealed class ShardTests
{
    /// <summary>Reads a share in an environment that is given as <c>NAME=VALUE</c>.</summary>
    private static Shard Parse(string text, params string[] variables) => ShardText.Parse(
        text,
        name => variables.Select(variable => variable.Split('=')).FirstOrDefault(pair => pair[0] == name)?[1]);

    private static string[] Task(int id, int count, int first, int? step = null) =>
    [
        $"SLURM_ARRAY_TASK_ID={id}", $"SLURM_ARRAY_TASK_COUNT={count}", $"SLURM_ARRAY_TASK_MIN={first}",
        .. step is null ? Array.Empty<string>() : [$"SLURM_ARRAY_TASK_STEP={step}"],
    ];

    [Theory]
    [InlineData(6, 20, 1)]
    [InlineData(6, 20, 6)]
    [InlineData(6, 20, 7)]
    [InlineData(6, 20, 40)]
    [InlineData(10, 3, 8)]
    [InlineData(1, 5, 9)]
    public void Every_run_belongs_to_one_share_and_shares_have_about_as_many_of_each_model(int models, int runs, int count)
    {
        Shard[] shares = [.. Enumerable.Range(1, count).Select(number => new Shard(number, count))];
        var counts = new int[count, models];
        for (int model = 0; model < models; model++)
        {
            for (int run = 0; run < runs; run++)
                counts[Array.IndexOf(shares, Assert.Single(shares, share => share.Has(model, run, runs))), model]++;
        }
        int[] sizes = [.. Enumerable.Range(0, count).Select(n => Enumerable.Range(0, models).Sum(m => counts[n, m]))];
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        for (int model = 0; model < models; model++)
        {
            int[] ofModel = [.. Enumerable.Range(0, count).Select(n => counts[n, model])];
            Assert.InRange(ofModel.Max() - ofModel.Min(), 0, 1);
        }
    }

    [Fact]
    public void A_share_is_counted_from_one_as_users_write_it()
    {
        Assert.Equal(new Shard(1, 8), Parse("1/8"));
        Assert.Equal(new Shard(8, 8), Parse("8/8"));
        Assert.Equal("3/8", Parse("3/8").ToString());
        // The first of four shares of one model with four runs has the first of them.
        Assert.True(Parse("1/4").Has(model: 0, run: 0, runs: 4));
    }

    [Theory]
    [InlineData("0/8")]
    [InlineData("9/8")]
    [InlineData("-1/8")]
    [InlineData("1/0")]
    [InlineData("1/99999999999")]
    [InlineData("1/2/3")]
    [InlineData("3")]
    [InlineData("a/8")]
    [InlineData("kubernetes")]
    public void What_is_no_share_is_refused_with_what_is_one(string text) => Assert.Equal(
        $"shard {text}: expected I/N with I from 1 to N, such as 3/8, slurm, or kubernetes/N",
        Assert.Throws<InputException>(() => Parse(text)).Message);

    [Fact]
    public void A_task_of_a_job_array_finds_its_share_wherever_the_array_begins()
    {
        Assert.Equal(new Shard(1, 8), Parse("slurm", Task(0, 8, 0, 1)));
        Assert.Equal(new Shard(8, 8), Parse("Slurm", Task(8, 8, 1)));
        // --array=10-40:10
        Assert.Equal(new Shard(3, 4), Parse("slurm", Task(30, 4, 10, 10)));
        // --array=5 alone, as after a failure.
        Assert.Equal(new Shard(1, 1), Parse("slurm", Task(5, 1, 5, 1)));
    }

    [Fact]
    public void Outside_of_a_job_array_and_in_one_with_gaps_the_share_is_refused_with_what_to_do()
    {
        string Refusal(string text, params string[] variables) =>
            Assert.Throws<InputException>(() => Parse(text, variables)).Message;
        Assert.Equal(
            "shard slurm: SLURM_ARRAY_TASK_ID is not set: this is no task of a job array; submit one, or give I/N",
            Refusal("slurm"));
        Assert.Contains("the array has gaps", Refusal("slurm", Task(7, 3, 1, 1)), StringComparison.Ordinal);
        Assert.Contains("the array has gaps", Refusal("slurm", Task(15, 4, 10, 10)), StringComparison.Ordinal);
        Assert.Contains("SLURM_ARRAY_TASK_COUNT is \"x\"",
            Refusal("slurm", "SLURM_ARRAY_TASK_ID=1", "SLURM_ARRAY_TASK_COUNT=x"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_of_an_indexed_job_finds_its_share_by_its_index_which_counts_from_zero()
    {
        Assert.Equal(new Shard(1, 8), Parse("kubernetes/8", "JOB_COMPLETION_INDEX=0"));
        Assert.Equal(new Shard(8, 8), Parse("kubernetes/8", "JOB_COMPLETION_INDEX=7"));
        foreach (string[] variables in (string[][])[[], ["JOB_COMPLETION_INDEX=8"], ["JOB_COMPLETION_INDEX=x"]])
            Assert.Throws<InputException>(() => Parse("kubernetes/8", variables));
    }
}
