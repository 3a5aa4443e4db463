import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnablePassthrough, RunnableSequence } from "@langchain/core/runnables";
import { loadSettings, openWaymark } from "waymark";

const waymark = await openWaymark(loadSettings());
await waymark.ingest();
const context = waymark.retriever({ k: 3 }).pipe((found) => found.map((one) => one.pageContent).join("\n\n"));
const prompt = ChatPromptTemplate.fromTemplate("{context}\n\nQuestion: {question}");
const chain = RunnableSequence.from([{ context, question: new RunnablePassthrough() }, prompt]); // then your model
console.log((await chain.invoke("Which months are for deep learning?")).toString());
await waymark.close();
