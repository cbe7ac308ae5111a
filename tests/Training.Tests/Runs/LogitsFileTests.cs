using IlgpuDistance.Tests;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Tests.Runs;

public class LogitsFileTests
{
    [Fact]
    public void The_lines_hold_index_label_and_logits()
    {
        using var folder = new TemporaryFolder();
        LogitsFile.Write(folder["logits.csv"], new[] { 0.1f, -2f, 1e-9f, float.NaN, 3f, 16777217f }, new byte[] { 2, 0 });
        Assert.Equal("index,label,logit_0,logit_1,logit_2\n0,2,0.1,-2,1E-09\n1,0,NaN,3,16777216\n",
            File.ReadAllText(folder["logits.csv"]));
    }
}
